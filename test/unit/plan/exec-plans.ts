import type { Compiled } from '../../../src/plan/compile.ts';
import { compileExec, type ExecInput } from '../../../src/plan/compile-exec.ts';
import { type AskedProcess, mergeProcess } from '../../../src/plan/exec-process.ts';
import { defaultSpec } from '../../../src/spec/default.ts';
import type { Spec } from '../../../src/spec/types.ts';
import { PLAIN_HOST, readGolden } from './golden-plans.ts';

const HOST = { ...PLAIN_HOST, cgroupEntrance: { tasks: 2, directory: true } };

/** A request for nothing but a program. */
export const PLAIN: AskedProcess = {
  args: ['sh'],
  env: [],
  tty: false,
  additionalGids: [],
  capabilities: [],
};

/** The input for a program in a container of a configuration, everything else as on the plain host. */
export function execInput(
  spec: Spec,
  asked: Partial<AskedProcess> = {},
  changes: Partial<ExecInput> = {},
): ExecInput {
  return {
    ...mergeProcess(spec.process, { ...PLAIN, ...asked }),
    spec,
    id: 'c1',
    rootfs: '/bundle/rootfs',
    facts: HOST,
    entered: ['mount', 'pid', 'network', 'uts', 'ipc'],
    cgroups: [],
    sessionKeyring: true,
    preserveFds: 0,
    seccomp: spec.linux?.seccomp && { filter: new Uint8Array(16), flags: 2, notify: false },
    pidFile: undefined,
    ...changes,
  };
}

const LSM_HOST = { ...HOST, lsm: { apparmor: true, selinux: true } };

/** The plans whose print is kept, by name. */
export const EXEC_PLANS: Readonly<Record<string, () => Compiled>> = {
  'exec-default': () => compileExec(execInput(defaultSpec())),
  'exec-minimal': () =>
    compileExec(execInput(readGolden('minimal'), {}, { entered: ['pid'], sessionKeyring: false })),
  'exec-user-namespace': () =>
    compileExec(
      execInput(
        readGolden('user-namespace'),
        { user: { uid: 5, gid: 6 } },
        { entered: ['user', 'mount', 'pid', 'cgroup'] },
      ),
    ),
  'exec-everything': () =>
    compileExec(
      execInput(
        readGolden('everything'),
        {
          args: ['top', '-b'],
          cwd: '/data',
          env: ['PATH=/opt', 'A=b'],
          tty: true,
          user: { uid: 1, gid: 2 },
          additionalGids: [3],
          selinuxLabel: 'system_u:system_r:svirt_lxc_net_t:s0',
          apparmorProfile: 'other',
          capabilities: ['CAP_NET_RAW'],
        },
        { facts: LSM_HOST, preserveFds: 2, pidFile: '/run/pid', cgroups: [':below'] },
      ),
    ),
  'exec-file': () =>
    compileExec(
      execInput(readGolden('privileged'), {
        args: [],
        noNewPrivileges: true,
        file: { args: ['/bin/ls', '-l'], cwd: '/', terminal: true, env: ['A=b'] },
      }),
    ),
};
