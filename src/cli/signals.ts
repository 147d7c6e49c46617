import { constants } from 'node:os';
import type { SignalSource } from '../lifecycle/options.ts';

/** What a process cannot handle, what is meant for it alone, and what a fault of its own raises. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'SIGKILL',
  'SIGSTOP',
  'SIGCHLD',
  'SIGPIPE',
  'SIGURG',
  'SIGPROF',
  'SIGILL',
  'SIGFPE',
  'SIGSEGV',
  'SIGBUS',
  'SIGABRT',
  'SIGIOT',
  'SIGTRAP',
  'SIGSYS',
]);

/** The signals that this process gets, for a foreground `run` to pass on. */
export const processSignals: SignalSource = {
  subscribe(handler) {
    const names = Object.keys(constants.signals).filter(
      (name) => !NOT_FORWARDED.has(name) && !name.startsWith('SIGRT'),
    ) as NodeJS.Signals[];
    const handle = (_name: NodeJS.Signals, signal: number) => handler(signal);
    const installed = names.filter((name) => {
      try {
        process.on(name, handle);
        return true;
      } catch {
        // One that this engine keeps to itself.
        return false;
      }
    });
    return () => {
      for (const name of installed) process.off(name, handle);
    };
  },
};
