import { createRequire } from 'node:module';
import type { Addon } from './binding.ts';
import type { Interpreter } from './interpreter.ts';

/**
 * Loads the addon on Node.js: the file that node-gyp built beside these sources.
 *
 * @throws Error of the module loader, where it has not been built.
 */
export function loadAddon(): Addon {
  return createRequire(import.meta.url)('../../build/Release/runts.node') as Addon;
}

/** Node.js runs the sources for those who work on them, by way of tsx, and for other programs. */
export const interpreter: Interpreter = {
  mayBlock: false,
  // The epoll instance of its event loop is what it opens first.
  firstDescriptor: 'anon_inode:[eventpoll]',
  keepFromEnding() {
    // tsx ends the process where nobody listens to these two.
    for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {});
  },
};
