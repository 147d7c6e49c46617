import { Type } from '@sinclair/typebox';
import { Int32, oneOf, Text, Texts, Uint32, Uint64 } from './common.ts';

/**
 * config.md, "User". An absent id is 0, as in every runtime written in Go. `username` is for Windows, and so an
 * unknown property here.
 */
export const User = Type.Object({
  uid: Type.Optional(Uint32),
  gid: Type.Optional(Uint32),
  umask: Type.Optional(Uint32),
  additionalGids: Type.Optional(Type.Array(Uint32)),
});

export const Capabilities = Type.Object({
  bounding: Type.Optional(Texts),
  permitted: Type.Optional(Texts),
  effective: Type.Optional(Texts),
  inheritable: Type.Optional(Texts),
  ambient: Type.Optional(Texts),
});

export const Rlimit = Type.Object({
  type: Type.String({ pattern: '^RLIMIT_[A-Z]+$' }),
  soft: Uint64,
  hard: Uint64,
});

export const IoPriority = Type.Object({
  class: oneOf('IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE'),
  priority: Type.Optional(Int32),
});

export const Scheduler = Type.Object({
  policy: oneOf(
    'SCHED_OTHER',
    'SCHED_FIFO',
    'SCHED_RR',
    'SCHED_BATCH',
    'SCHED_ISO',
    'SCHED_IDLE',
    'SCHED_DEADLINE',
  ),
  nice: Type.Optional(Int32),
  priority: Type.Optional(Int32),
  flags: Type.Optional(
    Type.Array(
      oneOf(
        'SCHED_FLAG_RESET_ON_FORK',
        'SCHED_FLAG_RECLAIM',
        'SCHED_FLAG_DL_OVERRUN',
        'SCHED_FLAG_KEEP_POLICY',
        'SCHED_FLAG_KEEP_PARAMS',
        'SCHED_FLAG_UTIL_CLAMP_MIN',
        'SCHED_FLAG_UTIL_CLAMP_MAX',
      ),
    ),
  ),
  runtime: Type.Optional(Uint64),
  deadline: Type.Optional(Uint64),
  period: Type.Optional(Uint64),
});

const CpuList = Type.String({ pattern: '^[0-9, -]*$' });

/**
 * config.md, "Process". `args` is required here: the specification demands an entry on all but Windows.
 * `commandLine` is for Windows, and so an unknown property here.
 */
export const Process = Type.Object({
  args: Type.Array(Text, { minItems: 1 }),
  consoleSize: Type.Optional(Type.Object({ height: Uint64, width: Uint64 })),
  cwd: Text,
  env: Type.Optional(Texts),
  terminal: Type.Optional(Type.Boolean()),
  user: Type.Optional(User),
  capabilities: Type.Optional(Capabilities),
  apparmorProfile: Type.Optional(Text),
  oomScoreAdj: Type.Optional(Type.Integer()),
  selinuxLabel: Type.Optional(Text),
  ioPriority: Type.Optional(IoPriority),
  noNewPrivileges: Type.Optional(Type.Boolean()),
  scheduler: Type.Optional(Scheduler),
  rlimits: Type.Optional(Type.Array(Rlimit)),
  execCPUAffinity: Type.Optional(
    Type.Object({ initial: Type.Optional(CpuList), final: Type.Optional(CpuList) }),
  ),
});
