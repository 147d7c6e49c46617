/** A system call that failed: what every function of this folder throws. */
export class SyscallError extends Error {
  /** Name of the call, such as `sendmsg`. */
  readonly syscall: string;
  /** Symbolic errno, such as `ENOENT`. */
  readonly code: string;
  /** The positive number of it. */
  readonly errno: number;
  /** What it means, such as `no such file or directory`. */
  readonly words: string;

  constructor(syscall: string, code: string, errno: number, words: string) {
    super(`${syscall}: ${code}`);
    this.name = 'SyscallError';
    this.syscall = syscall;
    this.code = code;
    this.errno = errno;
    this.words = words.charAt(0).toLowerCase() + words.slice(1);
  }
}
