import type { RunStreams } from '../lifecycle/options.ts';
import { SIGNALS } from '../lifecycle/signals.ts';
import { interpreter } from '../syscalls/interpreter.ts';
import { noteSignals } from '../syscalls/signals.ts';

/** What is meant for this process alone, and what a fault of its own raises (signal(7)). */
const NOT_FORWARDED = [
  SIGNALS.ILL,
  SIGNALS.TRAP,
  SIGNALS.ABRT,
  SIGNALS.BUS,
  SIGNALS.FPE,
  SIGNALS.SEGV,
  SIGNALS.PIPE,
  SIGNALS.CHLD,
  SIGNALS.URG,
  SIGNALS.PROF,
  SIGNALS.SYS,
];

/** What a foreground `run` or `exec` takes of this process: its streams, the signals that it gets, and its time. */
export const foregroundStreams: RunStreams = {
  input: 0,
  output: 1,
  error: 2,
  signals: {
    open() {
      interpreter.keepFromEnding();
      return noteSignals(NOT_FORWARDED);
    },
  },
  mayBlock: interpreter.mayBlock,
};
