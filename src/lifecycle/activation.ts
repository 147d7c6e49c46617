import { RuntimeError } from '../error.ts';
import type { Mount, Spec } from '../spec/types.ts';
import { readLink } from '../syscalls/files.ts';
import { interpreter } from '../syscalls/interpreter.ts';

/** The first descriptor that is passed on (sd_listen_fds(3)). */
const FIRST_DESCRIPTOR = 3;

/** Where the container finds the socket for its notifications: the same place as with runc. */
const NOTIFY_DIRECTORY = '/run/notify';
const NOTIFY_SOCKET = `${NOTIFY_DIRECTORY}/notify.sock`;

/** What the caller hands to the container besides its configuration. */
export interface Activation {
  /** How many of the descriptors are sockets of socket activation. */
  readonly listenFds: number;
  /** Directory in which the container's notifications are received, where the caller wants them. */
  readonly notifyDirectory: string | undefined;
}

export interface ActivatedSpec {
  readonly spec: Spec;
  /** JSON pointers of what was added, and who asked for it. */
  readonly said: ReadonlyMap<string, string>;
}

/**
 * Adds to a configuration what tells its program of the sockets that it gets, and the way by which it says that it is
 * ready (sd_listen_fds(3), sd_notify(3)).
 */
export function activate(spec: Spec, { listenFds, notifyDirectory }: Activation): ActivatedSpec {
  const said = new Map<string, string>();
  if (spec.process === undefined) return { spec, said };
  const { env = [] } = spec.process;
  const mounts = [...(spec.mounts ?? [])];
  const added: string[] = [];
  // 1: the program is the first process of its pid namespace.
  if (listenFds > 0) added.push(`LISTEN_FDS=${listenFds}`, 'LISTEN_PID=1');
  if (notifyDirectory !== undefined) {
    added.push(`NOTIFY_SOCKET=${NOTIFY_SOCKET}`);
    said.set(`/mounts/${mounts.length}`, 'NOTIFY_SOCKET');
    mounts.push(notifyMount(notifyDirectory));
  }
  if (added.length === 0) return { spec, said };
  return { spec: { ...spec, mounts, process: { ...spec.process, env: [...env, ...added] } }, said };
}

function notifyMount(source: string): Mount {
  return {
    destination: NOTIFY_DIRECTORY,
    type: 'bind',
    source,
    options: ['bind', 'nosuid', 'noexec', 'nodev', 'ro'],
  };
}

/**
 * To be called before anything else is opened, which would take the number of a descriptor that is not there.
 *
 * @param count how many descriptors from 3 up are passed on
 * @returns their numbers
 * @throws RuntimeError for one that is not open
 */
export function preservedDescriptors(count: number): number[] {
  const descriptors: number[] = [];
  for (let descriptor = FIRST_DESCRIPTOR; descriptors.length < count; descriptor++) {
    if (!isInherited(descriptor)) {
      const detail = `descriptor ${descriptor} is not open`;
      throw new RuntimeError({ operation: 'preserve descriptors', detail, code: 'EBADF' });
    }
    descriptors.push(descriptor);
  }
  return descriptors;
}

/**
 * Tells what the caller has opened from what the interpreter has opened for itself, which is no business of the
 * container: what it opens first has the lowest number that the caller has left free. Close-on-exec tells nothing, because Node.js
 * sets it on what it inherits.
 */
function isInherited(descriptor: number): boolean {
  try {
    return readLink(`/proc/self/fd/${descriptor}`) !== interpreter.firstDescriptor;
  } catch {
    return false;
  }
}
