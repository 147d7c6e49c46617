import type { CgroupBelow } from '../cgroups/below.ts';
import type { Fault } from '../plan/encode.ts';
import type { AskedProcess } from '../plan/exec-process.ts';
import type { Plan } from '../plan/step.ts';

/** What `exec` is told; what is left out was not asked for. */
export interface ExecOptions extends Omit<AskedProcess, 'file'> {
  readonly id: string;
  /** Absolute path of a file with the process, instead of that of config.json. */
  readonly processFile?: string | undefined;
  /** Return as soon as the program runs. */
  readonly detach: boolean;
  /** Where the pid of the process is written: digits only, no newline, by rename. */
  readonly pidFile?: string | undefined;
  /** AF_UNIX stream socket that gets the pidfd of the process. */
  readonly pidfdSocket?: string | undefined;
  /** AF_UNIX stream socket that gets the terminal's master. */
  readonly consoleSocket?: string | undefined;
  /** How many descriptors from 3 up the program gets. */
  readonly preserveFds: number;
  /** Cgroups below that of the container. */
  readonly cgroups: readonly CgroupBelow[];
  /** Into a paused container, too: the process waits there. */
  readonly ignorePaused: boolean;
  /** What a test asks to fail, once it knows the plan. */
  readonly chooseFault?: ((plan: Plan) => Fault | undefined) | undefined;
}
