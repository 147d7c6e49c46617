import { join } from 'node:path';
import { cgroupMounts } from '../../lib/cgroups.ts';
import type { Changes } from '../../lib/config.ts';
import type { Container } from '../../lib/container.ts';
import { fileAppears } from '../../lib/files.ts';
import type { Sandbox } from '../../lib/sandbox.ts';

/** A container whose program has done `script` and now waits, with a child of its own. */
export async function runShell(
  sandbox: Sandbox,
  script = ':',
  changes: Changes = {},
): Promise<Container> {
  const program = `${script}\ntouch /data/ready\nwhile :; do sleep 1000 & wait $!; done`;
  const container = sandbox.container({ ...changes, args: ['sh', '-c', program] });
  await container.create();
  await container.start();
  await fileAppears(join(container.rootfs, 'data/ready'));
  return container;
}

/** A container that has run to its end. */
export async function runToStop(sandbox: Sandbox): Promise<Container> {
  const container = sandbox.container({ args: ['true'] });
  await container.create();
  await container.start();
  await container.ended();
  return container;
}

/** @returns the directory of a cgroup in the hierarchy of a controller */
export function cgroupDirectory(controller: string, path: string): string {
  const mount = cgroupMounts().find((folder) =>
    (folder.split('/').at(-1) ?? '').split(',').includes(controller),
  );
  if (mount === undefined) throw new Error(`no hierarchy of ${controller} is mounted`);
  return join(mount, path);
}
