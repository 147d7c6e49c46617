import { interpreter as loaded } from '#load-addon';

/** What is particular to the interpreter that runs the sources; whoever loads the addon into it knows. */
export interface Interpreter {
  /** Whether a call may hold up the thread for as long as a container runs. */
  readonly mayBlock: boolean;
  /** What readlink(2) says of the lowest of its own descriptors; undefined where it has none at first. */
  readonly firstDescriptor: string | undefined;
  /** To be called before signals are noted: SIGINT and SIGTERM no longer end the process. */
  keepFromEnding(): void;
}

export const interpreter: Interpreter = loaded;
