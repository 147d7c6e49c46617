import { RuntimeError } from '../error.ts';
import type { Context } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { hookState } from './state.ts';

/**
 * Runs the hooks that come after a container is gone. One that fails is logged as a warning, and the rest run all
 * the same (runtime.md, "Lifecycle", step 14).
 */
export async function runPoststopHooks({ log }: Context, record: ContainerRecord): Promise<void> {
  const hooks = record.hooks.poststop ?? [];
  if (hooks.length === 0) return;
  const { runRuntimeHooks } = await import('./hooks.ts');
  const state = hookState(record, 'stopped', 0);
  for (const [index, hook] of hooks.entries()) {
    try {
      await runRuntimeHooks([hook], 'poststop', state, '/hooks/poststop', {
        directory: record.bundle,
      });
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      // Run alone, each takes itself for the first of its list.
      const { operation, detail } = error;
      const pointer = `/hooks/poststop/${index}`;
      log('warning', new RuntimeError({ operation, detail, pointer }).message);
    }
  }
}
