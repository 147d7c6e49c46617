import type { SeccompAction, SeccompArch, SeccompFlag, SeccompOperator } from '../spec/types.ts';

/*
 * The words of config-linux.md, "Seccomp", in the numbers of libseccomp and of the kernel (seccomp(2), audit.h).
 */

/** What a filter returns; the low 16 bits carry the data of those in {@link DATA_LIMITS}. */
export const ACTIONS: Readonly<Record<SeccompAction, number>> = {
  SCMP_ACT_ALLOW: 0x7fff_0000,
  SCMP_ACT_ERRNO: 0x0005_0000,
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
};

/** The largest `errnoRet`: libseccomp wants an errno below 4095; a tracer gets 16 bits (PTRACE_GETEVENTMSG). */
export const DATA_LIMITS: Readonly<Partial<Record<SeccompAction, number>>> = {
  SCMP_ACT_ERRNO: 4094,
  SCMP_ACT_TRACE: 0xffff,
};

export const OPERATORS: Readonly<Record<SeccompOperator, number>> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

/** SECCOMP_FILTER_FLAG_* of seccomp(2). */
export const FLAGS: Readonly<Record<SeccompFlag, number>> = {
  SECCOMP_FILTER_FLAG_TSYNC: 0x01,
  SECCOMP_FILTER_FLAG_LOG: 0x02,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 0x04,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: 0x20,
};
/** Not for config.json: whoever loads the filter asks for a listener with it. */
export const FLAG_NEW_LISTENER = 0x08;
/** Without it the kernel cannot tell a listener from the thread that TSYNC failed on. */
export const FLAG_TSYNC_ESRCH = 0x10;

/** Tokens: AUDIT_ARCH_* of the kernel, but for x32, which the kernel doesn't tell from x86_64 by its architecture. */
export const ARCHITECTURES: Readonly<Record<SeccompArch, number>> = {
  SCMP_ARCH_AARCH64: 0xc000_00b7,
  SCMP_ARCH_ARM: 0x4000_0028,
  SCMP_ARCH_LOONGARCH64: 0xc000_0102,
  SCMP_ARCH_M68K: 0x0000_0004,
  SCMP_ARCH_MIPS: 0x0000_0008,
  SCMP_ARCH_MIPS64: 0x8000_0008,
  SCMP_ARCH_MIPS64N32: 0xa000_0008,
  SCMP_ARCH_MIPSEL: 0x4000_0008,
  SCMP_ARCH_MIPSEL64: 0xc000_0008,
  SCMP_ARCH_MIPSEL64N32: 0xe000_0008,
  SCMP_ARCH_PARISC: 0x0000_000f,
  SCMP_ARCH_PARISC64: 0x8000_000f,
  SCMP_ARCH_PPC: 0x0000_0014,
  SCMP_ARCH_PPC64: 0x8000_0015,
  SCMP_ARCH_PPC64LE: 0xc000_0015,
  SCMP_ARCH_RISCV64: 0xc000_00f3,
  SCMP_ARCH_S390: 0x0000_0016,
  SCMP_ARCH_S390X: 0x8000_0016,
  SCMP_ARCH_SH: 0x4000_002a,
  SCMP_ARCH_SHEB: 0x0000_002a,
  SCMP_ARCH_X32: 0x4000_003e,
  SCMP_ARCH_X86: 0x4000_0003,
  SCMP_ARCH_X86_64: 0xc000_003e,
};

/** The architecture of this process, by Node's word for it (`process.arch`). */
export const NATIVE_ARCHITECTURES: Readonly<Record<string, SeccompArch>> = {
  arm: 'SCMP_ARCH_ARM',
  arm64: 'SCMP_ARCH_AARCH64',
  ia32: 'SCMP_ARCH_X86',
  loong64: 'SCMP_ARCH_LOONGARCH64',
  ppc64: 'SCMP_ARCH_PPC64LE',
  riscv64: 'SCMP_ARCH_RISCV64',
  s390x: 'SCMP_ARCH_S390X',
  x64: 'SCMP_ARCH_X86_64',
};
