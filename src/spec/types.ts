import type { Static } from '@sinclair/typebox';
import type * as Common from './schema/common.ts';
import type * as LinuxSchema from './schema/linux.ts';
import type * as ProcessSchema from './schema/process.ts';
import type * as ResourcesSchema from './schema/resources.ts';
import type * as SeccompSchema from './schema/seccomp.ts';
import type * as Schema from './schema.ts';

/*
 * The static types of config.json, names as in the file. A 64-bit integer is `number | bigint`: a bigint where a
 * number would lose digits.
 */

/** A config.json that {@link validateSpec} accepted. */
export type Spec = Static<typeof Schema.Spec>;
export type Root = Static<typeof Schema.Root>;
export type Mount = Static<typeof Schema.Mount>;
export type Hook = Static<typeof Schema.Hook>;
export type Hooks = Static<typeof Schema.Hooks>;
export type HookKind = keyof Hooks;
export type IdMapping = Static<typeof Common.IdMapping>;

export type Process = Static<typeof ProcessSchema.Process>;
export type User = Static<typeof ProcessSchema.User>;
export type Capabilities = Static<typeof ProcessSchema.Capabilities>;
export type CapabilitySet = keyof Capabilities;
export type Rlimit = Static<typeof ProcessSchema.Rlimit>;
export type IoPriority = Static<typeof ProcessSchema.IoPriority>;
export type Scheduler = Static<typeof ProcessSchema.Scheduler>;

export type Linux = Static<typeof LinuxSchema.Linux>;
export type Namespace = Static<typeof LinuxSchema.Namespace>;
export type NamespaceType = Static<typeof LinuxSchema.NamespaceType>;
export type Device = Static<typeof LinuxSchema.Device>;
export type RootfsPropagation = Static<typeof LinuxSchema.RootfsPropagation>;
export type TimeOffset = Static<typeof LinuxSchema.TimeOffset>;
export type TimeOffsets = Static<typeof LinuxSchema.TimeOffsets>;
export type Personality = Static<typeof LinuxSchema.Personality>;
export type IntelRdt = Static<typeof LinuxSchema.IntelRdt>;
export type MemoryPolicy = Static<typeof LinuxSchema.MemoryPolicy>;

export type Resources = Static<typeof ResourcesSchema.Resources>;
export type DeviceRule = Static<typeof ResourcesSchema.DeviceRule>;
export type Memory = Static<typeof ResourcesSchema.Memory>;
export type Cpu = Static<typeof ResourcesSchema.Cpu>;
export type Pids = Static<typeof ResourcesSchema.Pids>;
export type BlockIo = Static<typeof ResourcesSchema.BlockIo>;
export type WeightDevice = Static<typeof ResourcesSchema.WeightDevice>;
export type ThrottleDevice = Static<typeof ResourcesSchema.ThrottleDevice>;
export type HugepageLimit = Static<typeof ResourcesSchema.HugepageLimit>;
export type NetworkResources = Static<typeof ResourcesSchema.Network>;

export type Seccomp = Static<typeof SeccompSchema.Seccomp>;
export type SeccompAction = Static<typeof SeccompSchema.SeccompAction>;
export type SeccompArch = Static<typeof SeccompSchema.SeccompArch>;
export type SeccompFlag = Static<typeof SeccompSchema.SeccompFlag>;
export type SeccompOperator = Static<typeof SeccompSchema.SeccompOperator>;
export type SeccompArg = Static<typeof SeccompSchema.SeccompArg>;
export type SeccompSyscall = Static<typeof SeccompSchema.SeccompSyscall>;
