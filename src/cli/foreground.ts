import type { RunStreams } from '../lifecycle/options.ts';
import { SIGNALS } from '../lifecycle/signals.ts';
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
  // By which the engine stops its threads when it looks for memory that is in use.
  SIGNALS.PWR,
  SIGNALS.SYS,
];

declare const Bun: unknown;
/** Node.js runs the sources for those who work on them, by way of tsx, which has to hear of signals as well. */
const IS_NODE = typeof Bun === 'undefined';

/** What a foreground `run` or `exec` takes of this process: its streams, the signals that it gets, and its time. */
export const foregroundStreams: RunStreams = {
  input: 0,
  output: 1,
  error: 2,
  signals: {
    open() {
      // Where nobody listens to these two, tsx ends the process.
      if (IS_NODE) for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {});
      return noteSignals(NOT_FORWARDED);
    },
  },
  mayBlock: !IS_NODE,
};
