import { constants } from 'node:os';
import { RuntimeError } from '../error.ts';

/** What libc leaves to programs of the real-time signals, whose first two it keeps to itself (signal(7)). */
const FIRST_REAL_TIME = 34;
const LAST_SIGNAL = 64;

/**
 * Reads a signal as `kill` takes it: a number (0 only asks whether there is somebody to signal), a name with or
 * without `SIG` in any case, `RTMIN+n` or `RTMAX-n`.
 *
 * @returns its number on this architecture
 * @throws RuntimeError for a signal that there is not
 */
export function parseSignal(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : numberOf(text.toUpperCase());
  if (number !== undefined && number <= LAST_SIGNAL) return number;
  throw new RuntimeError({
    operation: '',
    detail: `unknown signal ${JSON.stringify(text.slice(0, 60))}: expected a name such as "TERM", or a number up to ${LAST_SIGNAL}`,
    code: 'EINVAL',
  });
}

function numberOf(text: string): number | undefined {
  const name = text.startsWith('SIG') ? text.slice(3) : text;
  const realTime = /^RT(?:MIN(?:\+(\d+))?|MAX(?:-(\d+))?)$/.exec(name);
  if (realTime !== null) {
    const [, above = '0', below = '0'] = realTime;
    const number = name.startsWith('RTMIN')
      ? FIRST_REAL_TIME + Number(above)
      : LAST_SIGNAL - Number(below);
    return number >= FIRST_REAL_TIME ? number : undefined;
  }
  const names: Readonly<Record<string, number>> = constants.signals;
  // Two old names that signal(7) lists and the platform does not.
  const standard = { CLD: 'SIGCHLD', UNUSED: 'SIGSYS' }[name] ?? `SIG${name}`;
  return Object.hasOwn(names, standard) ? names[standard] : undefined;
}
