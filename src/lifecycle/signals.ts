import { RuntimeError } from '../error.ts';

/** It ends a process whatever that does about it. */
export const SIGKILL = 9;

/** Numbers on x86-64 and arm64, of signal(7) with its old names. */
export const SIGNALS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  IOT: 6,
  BUS: 7,
  FPE: 8,
  KILL: SIGKILL,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
  UNUSED: 31,
} as const;
const BY_NAME: Readonly<Record<string, number>> = SIGNALS;

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

/** @returns the name of a signal, such as `SIGTERM`; `signal 40` for one that has none */
export function signalName(number: number): string {
  const [name] = Object.entries(SIGNALS).find(([, signal]) => signal === number) ?? [];
  return name === undefined ? `signal ${number}` : `SIG${name}`;
}

function numberOf(text: string): number | undefined {
  const name = text.startsWith('SIG') ? text.slice(3) : text;
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
  const realTime = /^RT(?:MIN(?:\+(\d+))?|MAX(?:-(\d+))?)$/.exec(name);
  if (realTime === null) return undefined;
  const [, above = '0', below = '0'] = realTime;
  const number = name.startsWith('RTMIN')
    ? FIRST_REAL_TIME + Number(above)
    : LAST_SIGNAL - Number(below);
  return number >= FIRST_REAL_TIME ? number : undefined;
}
