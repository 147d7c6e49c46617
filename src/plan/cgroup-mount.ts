import { type Context, refuse } from './input.ts';
import { MOUNT_ATTR } from './mount-options.ts';
import type { ReadMount } from './mounts.ts';
import { NO_SLOT } from './namespaces.ts';
import { type Draft, fromConfig } from './origin.ts';

/**
 * The steps for a mount of type `cgroup`: a tmpfs that holds one bind for each v1 hierarchy, of the container's own
 * directory there, so that nothing of the host's cgroups is seen, and a link for each other name of the hierarchy.
 * The tmpfs becomes read-only when it is filled.
 *
 * @throws RuntimeError where no v1 hierarchy is mounted
 */
export function cgroupMount({ facts }: Context, read: ReadMount): Draft[] {
  const { mount, pointer, target, options } = read;
  if (facts.cgroupMounts.length === 0) {
    const detail = 'no cgroup v1 hierarchy is mounted on this host';
    throw refuse(pointer, `mount cgroup on ${mount.destination}`, detail);
  }
  const origin = fromConfig(pointer);
  const attributes = options.attributes.set | options.recursiveAttributes.set;
  const clear = (options.attributes.clear | options.recursiveAttributes.clear) & ~MOUNT_ATTR.RDONLY;
  const steps: Draft[] = [
    {
      origin,
      step: {
        kind: 'mountFilesystem',
        target,
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['mode=755'],
        attributes: attributes & ~MOUNT_ATTR.RDONLY,
        propagation: 0n,
        copyUp: false,
        strictTarget: false,
      },
    },
  ];
  for (const { name, aliases, source } of facts.cgroupMounts) {
    const place = `${target}/${name}`;
    steps.push(
      { origin, step: { kind: 'makeDirectory', target: place, mode: 0o755 } },
      {
        origin,
        step: {
          kind: 'mountBind',
          sourceSlot: NO_SLOT,
          target: place,
          source,
          recursive: false,
          set: attributes,
          clear,
          recursiveSet: 0n,
          recursiveClear: 0n,
          propagation: 0n,
          recursivePropagation: false,
          procTarget: false,
        },
      },
    );
    for (const alias of aliases) {
      if (alias === name) continue;
      const link = `${target}/${alias}`;
      steps.push({
        origin,
        step: { kind: 'symlink', target: link, content: name, replace: false },
      });
    }
  }
  const isReadonly = (attributes & MOUNT_ATTR.RDONLY) !== 0n;
  const changes = options.propagation.map(
    ({ propagation, recursive }): Draft => ({
      origin,
      step: { kind: 'changeMount', target, recursive, set: 0n, clear: 0n, propagation },
    }),
  );
  if (isReadonly) {
    changes.unshift({
      origin,
      step: {
        kind: 'changeMount',
        target,
        recursive: false,
        set: MOUNT_ATTR.RDONLY,
        clear: 0n,
        propagation: 0n,
      },
    });
  }
  return [...steps, ...changes];
}
