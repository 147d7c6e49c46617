import { RuntimeError } from '../error.ts';
import type { Spec } from '../spec/types.ts';
import type { HostFacts } from './facts.ts';
import type { NamespaceView } from './namespaces.ts';

/** The text for a hook's standard input, cut where the helper puts the pid that the container sees. */
export interface HookState {
  readonly beforePid: string;
  readonly afterPid: string;
}

/** A compiled filter, as `src/seccomp` makes it. */
export interface SeccompProgram {
  readonly filter: Uint8Array;
  /** SECCOMP_FILTER_FLAG_* of seccomp(2). */
  readonly flags: number;
  /** Whether a rule notifies, so that there is a listener to hand over. */
  readonly notify: boolean;
}

/** Everything that `create` is compiled from. */
export interface CompileInput {
  readonly spec: Spec;
  /** JSON pointers of what the caller has added to the configuration, and how it asked for that. */
  readonly said?: ReadonlyMap<string, string> | undefined;
  readonly id: string;
  /** Absolute path of the bundle; relative sources of bind mounts start here. */
  readonly bundle: string;
  /** Absolute path of the root file system, resolved by the caller. */
  readonly rootfs: string;
  readonly facts: HostFacts;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  /** How many descriptors of the caller the program gets, at 3 and up; they travel after the gate. */
  readonly preserveFds: number;
  readonly seccomp: SeccompProgram | undefined;
  /** The state for the hooks that run inside, which the specification may tell another status in each phase. */
  readonly hookState: (phase: 'createContainer' | 'startContainer') => HookState;
}

/** What every family of steps works from. */
export interface Context extends CompileInput {
  readonly namespaces: NamespaceView;
  readonly warn: (text: string) => void;
  /** Where the sources of bind mounts are kept that are taken before the user namespace, by JSON pointer. */
  readonly sourceSlots: ReadonlyMap<string, number>;
}

/** @returns the error for a configuration that cannot become a plan; the pointer names what asked for it */
export function refuse(pointer: string, operation: string, detail: string): RuntimeError {
  return new RuntimeError({ operation, detail, pointer });
}
