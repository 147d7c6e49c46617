import type { Addon } from './binding.ts';
import type { Interpreter } from './interpreter.ts';

/** The addon where it is part of the program: in the binary. */
export function loadAddon(): Addon {
  return process._linkedBinding('runts') as Addon;
}

export const interpreter: Interpreter = {
  mayBlock: true,
  // It opens nothing for itself.
  firstDescriptor: undefined,
  keepFromEnding() {},
};
