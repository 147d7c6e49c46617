import type { Seccomp, SeccompAction } from '../types.ts';
import { expected, type Report } from './rule.ts';

const NOTIFY: SeccompAction = 'SCMP_ACT_NOTIFY';
const BASE = '/linux/seccomp';

function notifies({ syscalls = [] }: Seccomp): boolean {
  return syscalls.some(({ action }) => action === NOTIFY);
}

/** With it, the helper's own next call would wait for an agent that nobody has told of the container yet. */
export function noNotifyByDefault({ defaultAction }: Seccomp, report: Report): void {
  if (defaultAction === NOTIFY) {
    report(`${BASE}/defaultAction`, expected('an action other than SCMP_ACT_NOTIFY', NOTIFY));
  }
}

/** config-linux.md, "Seccomp": where an action carries no errno, the runtime MUST fail. */
export function seccompErrnos(seccomp: Seccomp, report: Report): void {
  const { defaultAction, defaultErrnoRet, syscalls = [] } = seccomp;
  checkErrno(`${BASE}/defaultErrnoRet`, defaultAction, defaultErrnoRet, report);
  for (const [index, { action, errnoRet }] of syscalls.entries()) {
    checkErrno(`${BASE}/syscalls/${index}/errnoRet`, action, errnoRet, report);
  }
}

/** seccomp(2): SECCOMP_RET_DATA has 16 bits; an errno is at most MAX_ERRNO of the kernel. */
const LARGEST: Readonly<Partial<Record<SeccompAction, number>>> = {
  SCMP_ACT_ERRNO: 4095,
  SCMP_ACT_TRACE: 65_535,
};

function checkErrno(
  pointer: string,
  action: SeccompAction,
  errno: number | undefined,
  report: Report,
): void {
  if (errno === undefined) return;
  const largest = LARGEST[action];
  if (largest === undefined) {
    report(pointer, `expected nothing: ${action} returns no errno, got ${errno}`);
  } else if (errno > largest) {
    report(pointer, expected(`an integer from 0 to ${largest}`, errno));
  }
}

/** A system call has six arguments; syscall(2). */
export function seccompArguments({ syscalls = [] }: Seccomp, report: Report): void {
  for (const [index, { names, args = [] }] of syscalls.entries()) {
    const pointer = `${BASE}/syscalls/${index}`;
    for (const [at, name] of names.entries()) {
      if (name === '')
        report(`${pointer}/names/${at}`, expected('the name of a system call', name));
    }
    for (const [at, argument] of args.entries()) {
      if (argument.index > 5) {
        report(`${pointer}/args/${at}/index`, expected('an integer from 0 to 5', argument.index));
      }
    }
  }
}

/** config-linux.md, "Seccomp", and seccomp(2) for the flag. */
export function seccompListener(seccomp: Seccomp, report: Report): void {
  const { listenerPath = '', listenerMetadata, flags = [] } = seccomp;
  if (notifies(seccomp) && listenerPath === '') {
    report(BASE, 'expected a property "listenerPath" for SCMP_ACT_NOTIFY');
  }
  if (listenerPath !== '' && !listenerPath.startsWith('/')) {
    report(`${BASE}/listenerPath`, expected('an absolute path', listenerPath));
  }
  if (listenerMetadata !== undefined && listenerMetadata !== '' && listenerPath === '') {
    report(`${BASE}/listenerMetadata`, 'expected nothing without a listenerPath');
  }
  const killable = flags.indexOf('SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV');
  if (killable >= 0 && !notifies(seccomp)) {
    report(
      `${BASE}/flags/${killable}`,
      'expected this flag only with a system call whose action is SCMP_ACT_NOTIFY',
    );
  }
}
