import type { HookKind } from './types.ts';

/** Every kind of hook, in the order in which a container's life calls them; config.md, "POSIX-platform Hooks". */
export const HOOK_KINDS = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const satisfies readonly HookKind[];
