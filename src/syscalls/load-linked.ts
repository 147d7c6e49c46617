import type { Addon } from './binding.ts';
import type { Engine } from './engine.ts';

/** Loads the addon where it is part of the program: in the binary, whose interpreter has opened nothing. */
export function loadAddon(): Addon {
  return process._linkedBinding('runts') as Addon;
}

export const engine: Engine = {
  mayBlock: true,
  firstDescriptor: undefined,
  keepFromEnding() {},
};
