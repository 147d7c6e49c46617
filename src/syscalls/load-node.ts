import { createRequire } from 'node:module';
import type { Addon } from './binding.ts';

/**
 * Loads the addon on Node.js: the file that node-gyp built beside these sources.
 *
 * @throws Error of the module loader, where it has not been built.
 */
export function loadAddon(): Addon {
  return createRequire(import.meta.url)('../../build/Release/runts.node') as Addon;
}
