import { type Context, refuse } from './input.ts';
import { MS_REC, meaningOf, PROPAGATION, type PropagationChange } from './mount-options.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';

const ROOTFS_PROPAGATION = '/linux/rootfsPropagation';

function wantedPropagation({ spec }: Context): PropagationChange | undefined {
  const meaning = meaningOf(spec.linux?.rootfsPropagation ?? '');
  return meaning?.is === 'propagation' ? meaning : undefined;
}

/**
 * The steps that give the container's mounts their start: first the propagation of everything that the new mount
 * namespace copied from the host, so that nothing mounted from here on reaches the host; then the rootfs as a mount.
 * A mount namespace that is not the container's own keeps the propagation that it has.
 *
 * `shared` is for a container whose mounts the host is meant to see. `rprivate` cuts the host's mounts off.
 * `unbindable` waits until the rootfs is bound on itself.
 *
 * @throws RuntimeError for a propagation that could not be undone
 */
export function openRootfs(context: Context): Draft[] {
  const { namespaces, rootfs, noPivot, spec } = context;
  const origin = fromConfig('/root/path');
  if (!namespaces.makes('mount')) {
    return [{ origin, step: { kind: 'openRoot', path: rootfs, privateParent: false } }];
  }
  const wanted = wantedPropagation(context)?.propagation;
  if (noPivot && wanted === PROPAGATION.private) {
    // Nothing detaches the old root here, and what the host unmounts would live on below it.
    throw refuse(ROOTFS_PROPAGATION, 'open the rootfs', 'private is not safe without pivot_root');
  }
  const isShared = wanted === PROPAGATION.shared;
  const isRecursivelyPrivate = spec.linux?.rootfsPropagation === 'rprivate';
  const propagation = isShared
    ? PROPAGATION.shared
    : isRecursivelyPrivate
      ? PROPAGATION.private
      : PROPAGATION.slave;
  return [
    {
      origin:
        isShared || isRecursivelyPrivate
          ? fromConfig(ROOTFS_PROPAGATION)
          : fromRuntime('what the container mounts must not reach the host'),
      step: { kind: 'rootPropagation', propagation: propagation | MS_REC },
    },
    { origin, step: { kind: 'openRoot', path: rootfs, privateParent: isShared } },
  ];
}

/**
 * Makes the rootfs the root. The old one is gone afterwards, unless others have their root in the same mount
 * namespace: pivot_root(2) would take theirs away.
 */
export function enterRootfs({ namespaces, noPivot }: Context): Draft {
  if (!namespaces.makes('mount')) {
    const origin = fromRuntime('others have their root in this mount namespace');
    return { origin, step: { kind: 'chrootOnly' } };
  }
  if (noPivot) {
    return { origin: fromRuntime('pivot_root was not wanted'), step: { kind: 'moveRoot' } };
  }
  return {
    origin: fromRuntime('the rootfs becomes the root of the container'),
    step: { kind: 'pivotRoot' },
  };
}

/** What is said about the container's root itself: pivot_root(2) refuses a shared one, so this comes after. */
export function finishRootfs(context: Context): Draft[] {
  const steps: Draft[] = [];
  const wanted = wantedPropagation(context);
  if (wanted !== undefined) {
    const { propagation, recursive } = wanted;
    steps.push({
      origin: fromConfig(ROOTFS_PROPAGATION),
      step: { kind: 'finalPropagation', propagation, recursive },
    });
  }
  if (context.spec.root.readonly === true) {
    steps.push({ origin: fromConfig('/root/readonly'), step: { kind: 'readonlyRoot' } });
  }
  return steps;
}
