/** A system call that failed: what every function of this folder throws. */
export class SyscallError extends Error {
  /** Name of the call, such as `sendmsg`. */
  readonly syscall: string;
  /** Symbolic errno, such as `ENOENT`. */
  readonly code: string;
  /** The positive number of it. */
  readonly errno: number;

  constructor(syscall: string, code: string, errno: number) {
    super(`${syscall}: ${code}`);
    this.name = 'SyscallError';
    this.syscall = syscall;
    this.code = code;
    this.errno = errno;
  }
}
