import { RuntimeError } from '../error.ts';

/**
 * @param pointer what in config.json cannot be compiled.
 * @throws RuntimeError always.
 */
export function failAt(pointer: string, detail: string, code?: string): never {
  throw new RuntimeError({ operation: 'compile the seccomp filter', detail, pointer, code });
}
