import { RuntimeError } from '../error.ts';

/** The life of a container in order (runtime.md, "State"); `paused` is runc's addition. */
export const STATUSES = ['creating', 'created', 'running', 'paused', 'stopped'] as const;
export type Status = (typeof STATUSES)[number];

/** What a verb is allowed, or why not, in the words that engines look for. */
type Answer = 'allowed' | ((id: string) => string);

/** containerd looks for the first half, CRI-O for either; both are true. */
const NOT_RUNNING = 'container not running: no such process';
const notRunning = () => NOT_RUNNING;

const notStopped = (status: Status) => (id: string) =>
  `cannot delete container ${id} that is not stopped: ${status}`;

const notPaused = (status: Status) => () => `container not paused: it is ${status}`;

/** Which verb is allowed in which status: the one place that decides. */
export const TRANSITIONS = {
  start: {
    creating: () => 'cannot start a container that is still being created',
    created: 'allowed',
    running: () => 'cannot start an already running container',
    paused: () => 'cannot start an already running container: it is paused',
    stopped: () => 'cannot start a container that has stopped',
  },
  kill: {
    // A create that hangs in a hook is ended by killing its init.
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    // The signal waits until the container is thawed; kill.ts thaws for SIGKILL.
    paused: 'allowed',
    stopped: notRunning,
  },
  /** Every process of the cgroup: some can outlive init where it has no pid namespace of its own. */
  killAll: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  /** Into a created container too, as runc does. */
  exec: {
    creating: () => 'cannot exec in a container that is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: () => 'cannot exec in a paused container (use --ignore-paused to override)',
    stopped: () => 'cannot exec in a stopped container',
  },
  /** With --ignore-paused: the process waits until the container is resumed. */
  execPaused: {
    creating: () => 'cannot exec in a container that is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: () => 'cannot exec in a stopped container',
  },
  delete: {
    creating: notStopped('creating'),
    // runc ends init and deletes; runtime.md says that this must be an error without effect.
    created: notStopped('created'),
    running: notStopped('running'),
    paused: notStopped('paused'),
    stopped: 'allowed',
  },
  forceDelete: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  /** Whoever is left in the cgroup can be listed. */
  ps: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  pause: {
    creating: () => 'container not running: it is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: () => 'container not running: it is paused already',
    stopped: notRunning,
  },
  resume: {
    creating: notPaused('creating'),
    created: notPaused('created'),
    running: notPaused('running'),
    paused: 'allowed',
    stopped: notPaused('stopped'),
  },
  events: {
    creating: (id) => `container with id ${id} is not running: it is still being created`,
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: (id) => `container with id ${id} is not running`,
  },
  update: {
    creating: () => 'container not running: it is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: notRunning,
  },
} as const satisfies Record<string, Readonly<Record<Status, Answer>>>;

export type Verb = keyof typeof TRANSITIONS;

/**
 * Refuses a verb that the container's status does not allow.
 *
 * @throws RuntimeError with runc's text where runc has one
 */
export function checkTransition(verb: Verb, status: Status, id: string): void {
  const error = transitionError(verb, status, id);
  if (error !== undefined) throw error;
}

/** @returns the error of a verb in a status that does not allow it; undefined where it is allowed */
export function transitionError(verb: Verb, status: Status, id: string): RuntimeError | undefined {
  const answer: Answer = TRANSITIONS[verb][status];
  return answer === 'allowed' ? undefined : new RuntimeError({ operation: '', detail: answer(id) });
}

/** @returns the error for a process that is gone: of `kill`, in the words that engines look for */
export function notRunningError(cause?: unknown): RuntimeError {
  return new RuntimeError({ operation: '', detail: NOT_RUNNING, code: 'ESRCH', cause });
}
