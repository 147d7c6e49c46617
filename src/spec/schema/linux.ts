import { Type } from '@sinclair/typebox';
import { IdMapping, Int64, mapOf, oneOf, Text, TextMap, Texts, Uint32 } from './common.ts';
import { Resources } from './resources.ts';
import { Seccomp } from './seccomp.ts';

export const NamespaceType = oneOf(
  'mount',
  'pid',
  'network',
  'uts',
  'ipc',
  'user',
  'cgroup',
  'time',
);

export const Namespace = Type.Object({ type: NamespaceType, path: Type.Optional(Text) });

/** `fileMode` may carry the bits of the file's type, as Podman writes them: rules/devices.ts looks at them. */
export const Device = Type.Object({
  type: Type.String({ pattern: '^[cbup]$' }),
  path: Text,
  fileMode: Type.Optional(Uint32),
  major: Type.Optional(Int64),
  minor: Type.Optional(Int64),
  uid: Type.Optional(Uint32),
  gid: Type.Optional(Uint32),
});

/** The specification names four; engines also write the recursive forms, which runc takes. */
export const RootfsPropagation = oneOf(
  'private',
  'shared',
  'slave',
  'unbindable',
  'rprivate',
  'rshared',
  'rslave',
  'runbindable',
);

export const TimeOffset = Type.Object({
  secs: Type.Optional(Int64),
  nanosecs: Type.Optional(Uint32),
});

export const TimeOffsets = Type.Object({
  boottime: Type.Optional(TimeOffset),
  monotonic: Type.Optional(TimeOffset),
});

export const Personality = Type.Object({
  domain: oneOf('LINUX', 'LINUX32'),
  flags: Type.Optional(Texts),
});

export const IntelRdt = Type.Object({
  closID: Type.Optional(Text),
  schemata: Type.Optional(Texts),
  l3CacheSchema: Type.Optional(Text),
  memBwSchema: Type.Optional(Type.String({ pattern: '^MB:[^\\n]*$' })),
  enableMonitoring: Type.Optional(Type.Boolean()),
});

export const MemoryPolicy = Type.Object({
  mode: Type.Optional(
    oneOf(
      'MPOL_DEFAULT',
      'MPOL_BIND',
      'MPOL_INTERLEAVE',
      'MPOL_WEIGHTED_INTERLEAVE',
      'MPOL_PREFERRED',
      'MPOL_PREFERRED_MANY',
      'MPOL_LOCAL',
    ),
  ),
  nodes: Type.Optional(Text),
  flags: Type.Optional(
    Type.Array(oneOf('MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES')),
  ),
});

/** config-linux.md. */
export const Linux = Type.Object({
  devices: Type.Optional(Type.Array(Device)),
  netDevices: Type.Optional(mapOf(Type.Object({ name: Type.Optional(Text) }))),
  uidMappings: Type.Optional(Type.Array(IdMapping)),
  gidMappings: Type.Optional(Type.Array(IdMapping)),
  namespaces: Type.Optional(Type.Array(Namespace)),
  resources: Type.Optional(Resources),
  cgroupsPath: Type.Optional(Text),
  rootfsPropagation: Type.Optional(RootfsPropagation),
  seccomp: Type.Optional(Seccomp),
  sysctl: Type.Optional(TextMap),
  maskedPaths: Type.Optional(Texts),
  readonlyPaths: Type.Optional(Texts),
  mountLabel: Type.Optional(Text),
  intelRdt: Type.Optional(IntelRdt),
  memoryPolicy: Type.Optional(MemoryPolicy),
  personality: Type.Optional(Personality),
  timeOffsets: Type.Optional(TimeOffsets),
});
