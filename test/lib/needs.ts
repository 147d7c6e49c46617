import type { TestContext } from 'vitest';
import { cgroupMounts } from './cgroups.ts';

/**
 * Skips the test, and says why, where a controller has no hierarchy of its own: on a machine with cgroup v2 alone.
 *
 * @param controller such as `pids`
 */
export function needsHierarchy(context: TestContext, controller: string): void {
  const there = cgroupMounts().some((path) =>
    path.split('/').at(-1)?.split(',').includes(controller),
  );
  context.skip(!there, `no cgroup v1 hierarchy of ${controller} is mounted here`);
}
