import type { Seccomp, SeccompAction, Spec } from '../types.ts';
import { expected, type Report, type Rule } from './rule.ts';

const NOTIFY: SeccompAction = 'SCMP_ACT_NOTIFY';
const BASE = '/linux/seccomp';

function notifies({ syscalls = [] }: Seccomp): boolean {
  return syscalls.some(({ action }) => action === NOTIFY);
}

function seccompOf({ linux }: Spec): Seccomp | undefined {
  return linux?.seccomp;
}

/** With it, the helper's own next call would wait for an agent that nobody has told of the container yet. */
export const noNotifyByDefault: Rule = (spec, report) => {
  if (seccompOf(spec)?.defaultAction === NOTIFY) {
    report(`${BASE}/defaultAction`, expected('an action other than SCMP_ACT_NOTIFY', NOTIFY));
  }
};

/** config-linux.md, "Seccomp": where an action carries no errno, the runtime MUST fail. */
export const seccompErrnos: Rule = (spec, report) => {
  const seccomp = seccompOf(spec);
  if (seccomp === undefined) return;
  const { defaultAction, defaultErrnoRet, syscalls = [] } = seccomp;
  checkErrno(`${BASE}/defaultErrnoRet`, defaultAction, defaultErrnoRet, report);
  syscalls.forEach(({ action, errnoRet }, index) => {
    checkErrno(`${BASE}/syscalls/${index}/errnoRet`, action, errnoRet, report);
  });
};

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
export const seccompArguments: Rule = (spec, report) => {
  seccompOf(spec)?.syscalls?.forEach(({ names, args = [] }, index) => {
    const pointer = `${BASE}/syscalls/${index}`;
    names.forEach((name, at) => {
      if (name === '')
        report(`${pointer}/names/${at}`, expected('the name of a system call', name));
    });
    args.forEach((argument, at) => {
      if (argument.index > 5) {
        report(`${pointer}/args/${at}/index`, expected('an integer from 0 to 5', argument.index));
      }
    });
  });
};

/** config-linux.md, "Seccomp", and seccomp(2) for the flag. */
export const seccompListener: Rule = (spec, report) => {
  const seccomp = seccompOf(spec);
  if (seccomp === undefined) return;
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
};
