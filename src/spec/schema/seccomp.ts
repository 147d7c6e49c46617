import { Type } from '@sinclair/typebox';
import { oneOf, Text, Uint32, Uint64 } from './common.ts';

export const SeccompAction = oneOf(
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
);

export const SeccompOperator = oneOf(
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
);

export const SeccompArch = oneOf(
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_LOONGARCH64',
  'SCMP_ARCH_M68K',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_SH',
  'SCMP_ARCH_SHEB',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_RISCV64',
);

export const SeccompFlag = oneOf(
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
);

export const SeccompArg = Type.Object({
  index: Uint32,
  value: Uint64,
  valueTwo: Type.Optional(Uint64),
  op: SeccompOperator,
});

export const SeccompSyscall = Type.Object({
  names: Type.Array(Text, { minItems: 1 }),
  action: SeccompAction,
  errnoRet: Type.Optional(Uint32),
  args: Type.Optional(Type.Array(SeccompArg)),
});

/** config-linux.md, "Seccomp". */
export const Seccomp = Type.Object({
  defaultAction: SeccompAction,
  defaultErrnoRet: Type.Optional(Uint32),
  flags: Type.Optional(Type.Array(SeccompFlag)),
  listenerPath: Type.Optional(Text),
  listenerMetadata: Type.Optional(Text),
  architectures: Type.Optional(Type.Array(SeccompArch)),
  syscalls: Type.Optional(Type.Array(SeccompSyscall)),
});
