import { loadAddon } from '#load-addon';
import type { Binding } from './binding.ts';
import { SyscallError } from './error.ts';

/** The addon, loaded when the first module that needs it is imported. */
export const native: Binding = loadAddon().bind(SyscallError);
