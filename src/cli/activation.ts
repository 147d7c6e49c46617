/** What a service manager says in the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param pid of this process: what is meant for another one was only inherited (sd_listen_fds(3))
 * @returns how many descriptors from 3 up are sockets for the container
 */
export function readListenFds({ LISTEN_FDS, LISTEN_PID }: Environment, pid: number): number {
  const isOurs = LISTEN_PID === String(pid) && /^[0-9]{1,4}$/.test(LISTEN_FDS ?? '');
  return isOurs ? Number(LISTEN_FDS) : 0;
}

/** @returns the datagram socket that is to hear of the container's readiness (sd_notify(3)) */
export function readNotifySocket({ NOTIFY_SOCKET = '' }: Environment): string | undefined {
  // A path, or an abstract name; other families of sockets are not for containers of this host.
  const isLocal = NOTIFY_SOCKET.startsWith('/') || NOTIFY_SOCKET.startsWith('@');
  return isLocal && NOTIFY_SOCKET.length > 1 ? NOTIFY_SOCKET : undefined;
}
