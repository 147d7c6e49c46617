/**
 * What the verbs of a container are told: plain values, so that a command line, a shim or a library user can make
 * them alike. Nothing here comes from the process that calls: paths are absolute, descriptors are numbers.
 */

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** Takes what is worth knowing but no failure; a failure is thrown. */
export type Log = (level: LogLevel, message: string) => void;

/** What all verbs share. */
export interface Context {
  /** Absolute path of the directory with one directory per container. */
  readonly root: string;
  /** Whether systemd makes the cgroups: not built yet, so always false. */
  readonly systemdCgroup: false;
  readonly log: Log;
}

/** What `create` is told; what is left out was not asked for. */
export interface CreateOptions {
  readonly id: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Where the pid of init is written: digits only, no newline, by rename. */
  readonly pidFile?: string | undefined;
  /** AF_UNIX stream socket that gets the terminal's master. */
  readonly consoleSocket?: string | undefined;
  /** MS_MOVE and chroot instead of pivot_root(2), for a root file system on a ramdisk. */
  readonly noPivot: boolean;
  /** Stay in the caller's session keyring. */
  readonly noNewKeyring: boolean;
  /** AF_UNIX stream socket that gets the pidfd of init. */
  readonly pidfdSocket?: string | undefined;
  /** How many descriptors from 3 up the container's process gets, behind those of socket activation. */
  readonly preserveFds: number;
  /** How many descriptors from 3 up are sockets of socket activation (sd_listen_fds(3)). */
  readonly listenFds?: number | undefined;
  /** Where the caller wants to hear that the container is ready: see `start` (sd_notify(3)). */
  readonly notifySocket?: string | undefined;
}

/** What `start` is told. */
export interface StartOptions {
  readonly id: string;
  /**
   * Path of a datagram socket, or an abstract name behind an @, that is told when the container says that it is ready.
   * `create` must have been told of one as well.
   */
  readonly notifySocket?: string | undefined;
}

/** What `run` is told beyond `create`. */
export interface RunOptions extends CreateOptions {
  /** Return as soon as the program runs. */
  readonly detach: boolean;
  /** Leave the container to a later `delete` when its program has ended. */
  readonly keep: boolean;
  /**
   * Do not become the parent of the container's orphans (PR_SET_CHILD_SUBREAPER). In the foreground, one that does reaps
   * every child of this process: a program with children of its own says true.
   */
  readonly noSubreaper: boolean;
}

/** Descriptors of the caller that `run` relays or passes on, usually 0, 1 and 2. */
export interface RunStreams {
  readonly input: number;
  readonly output: number;
  readonly error: number;
  /** None are passed on where it is left out. */
  readonly signals?: SignalSource;
  /** Waiting may block this thread, which costs less: for a program that has nothing else to do meanwhile. */
  readonly mayBlock?: boolean;
}

/** Where a foreground `run` learns of the signals that it passes on to the container. */
export interface SignalSource {
  /** Begins to note the signals that arrive, SIGWINCH too. */
  open(): SignalFeed;
}

export interface SignalFeed {
  /** Can be read for one byte per signal, its number, and polled. Signals are kept in it until there is a program. */
  readonly descriptor: number;
  close(): void;
}
