import { closeFile, O_DIRECTORY, O_PATH, openFile, readText } from '../syscalls/files.ts';
import type { ContainerRecord } from './record.ts';

/**
 * A container without a mount namespace has its mounts in that of the runtime, on top of its rootfs. They are told
 * from what was mounted there before by the id of the mount.
 *
 * @returns the id of the mount that the directory shows (proc_pid_fdinfo(5)); 0 where there is no such directory
 */
export function mountIdOf(directory: string): number {
  let descriptor: number;
  try {
    descriptor = openFile(directory, O_PATH | O_DIRECTORY);
  } catch {
    // Gone together with whatever was mounted there.
    return 0;
  }
  try {
    const text = readText(`/proc/self/fdinfo/${descriptor}`);
    return Number(/^mnt_id:\t(\d+)$/m.exec(text)?.[1] ?? 0);
  } finally {
    closeFile(descriptor);
  }
}

/** Detaches what a container without a mount namespace has mounted, if it has. */
export async function detachHostMounts({ rootfs, hostMountId }: ContainerRecord): Promise<void> {
  if (hostMountId === 0) return;
  const now = mountIdOf(rootfs);
  if (now === 0 || now === hostMountId) return;
  const { detachMount } = await import('../syscalls/mount.ts');
  detachMount(rootfs);
}
