import { Type } from '@sinclair/typebox';
import { Int64, mapOf, Text, TextMap, Uint16, Uint32, Uint64 } from './common.ts';

/** One line of the devices cgroup's list; an absent number stands for all. */
export const DeviceRule = Type.Object({
  allow: Type.Boolean(),
  type: Type.Optional(Text),
  major: Type.Optional(Int64),
  minor: Type.Optional(Int64),
  access: Type.Optional(Text),
});

export const Memory = Type.Object({
  kernel: Type.Optional(Int64),
  kernelTCP: Type.Optional(Int64),
  limit: Type.Optional(Int64),
  reservation: Type.Optional(Int64),
  swap: Type.Optional(Int64),
  swappiness: Type.Optional(Uint64),
  disableOOMKiller: Type.Optional(Type.Boolean()),
  useHierarchy: Type.Optional(Type.Boolean()),
  checkBeforeUpdate: Type.Optional(Type.Boolean()),
});

export const Cpu = Type.Object({
  cpus: Type.Optional(Text),
  mems: Type.Optional(Text),
  period: Type.Optional(Uint64),
  quota: Type.Optional(Int64),
  burst: Type.Optional(Uint64),
  realtimePeriod: Type.Optional(Uint64),
  realtimeRuntime: Type.Optional(Int64),
  shares: Type.Optional(Uint64),
  idle: Type.Optional(Int64),
});

export const Pids = Type.Object({ limit: Int64 });

export const WeightDevice = Type.Object({
  major: Int64,
  minor: Int64,
  weight: Type.Optional(Uint16),
  leafWeight: Type.Optional(Uint16),
});

/** `rate` is required by config-linux.md. */
export const ThrottleDevice = Type.Object({ major: Int64, minor: Int64, rate: Uint64 });

const ThrottleDevices = Type.Array(ThrottleDevice);

export const BlockIo = Type.Object({
  weight: Type.Optional(Uint16),
  leafWeight: Type.Optional(Uint16),
  weightDevice: Type.Optional(Type.Array(WeightDevice)),
  throttleReadBpsDevice: Type.Optional(ThrottleDevices),
  throttleWriteBpsDevice: Type.Optional(ThrottleDevices),
  throttleReadIOPSDevice: Type.Optional(ThrottleDevices),
  throttleWriteIOPSDevice: Type.Optional(ThrottleDevices),
});

export const HugepageLimit = Type.Object({
  pageSize: Type.String({ pattern: '^[1-9][0-9]*[KMG]B$' }),
  limit: Uint64,
});

export const Network = Type.Object({
  classID: Type.Optional(Uint32),
  priorities: Type.Optional(Type.Array(Type.Object({ name: Text, priority: Uint32 }))),
});

export const Rdma = Type.Object({
  hcaHandles: Type.Optional(Uint32),
  hcaObjects: Type.Optional(Uint32),
});

/** config-linux.md, "Control groups". */
export const Resources = Type.Object({
  unified: Type.Optional(TextMap),
  devices: Type.Optional(Type.Array(DeviceRule)),
  pids: Type.Optional(Pids),
  blockIO: Type.Optional(BlockIo),
  cpu: Type.Optional(Cpu),
  hugepageLimits: Type.Optional(Type.Array(HugepageLimit)),
  memory: Type.Optional(Memory),
  network: Type.Optional(Network),
  rdma: Type.Optional(mapOf(Rdma)),
});
