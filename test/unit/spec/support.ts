/** What the tests of the spec share: a small valid configuration, and changes to it told by JSON pointer. */
import { type JsonDocument, parseJson } from '../../../src/spec/json.ts';
import { findFailures } from '../../../src/spec/validate.ts';

/** Values by JSON pointer; `-` at the end appends, undefined removes. */
export type Changes = Readonly<Record<string, unknown>>;

const SMALL = {
  ociVersion: '1.3.0',
  root: { path: 'rootfs' },
  process: { args: ['sh'], cwd: '/' },
  linux: {
    namespaces: [
      { type: 'pid' },
      { type: 'network' },
      { type: 'ipc' },
      { type: 'uts' },
      { type: 'mount' },
    ],
  },
};

/** The changes that give the container a user namespace of its own. */
export const USER_NAMESPACE: Changes = {
  '/linux/namespaces/-': { type: 'user' },
  '/linux/uidMappings': [{ containerID: 0, hostID: 100_000, size: 1000 }],
  '/linux/gidMappings': [{ containerID: 0, hostID: 100_000, size: 1000 }],
};

export function configWith(changes: Changes): unknown {
  const config: unknown = structuredClone(SMALL);
  for (const [pointer, value] of Object.entries(changes)) set(config, pointer, value);
  return config;
}

export function documentOf(text: string | Uint8Array): JsonDocument {
  return parseJson(typeof text === 'string' ? Buffer.from(text) : text, 'config.json');
}

/** The failures of a small configuration with changes, as `pointer: sentence`. */
export function failuresWith(changes: Changes): string[] {
  return failuresOf(JSON.stringify(configWith(changes)));
}

export function failuresOf(text: string): string[] {
  return findFailures(documentOf(text)).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

/** The message of what a call throws. */
export function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}

function set(root: unknown, pointer: string, value: unknown): void {
  const names = pointer.split('/').slice(1);
  const last = (names.pop() ?? '').replaceAll('~1', '/');
  let at = root as Record<string, unknown>;
  for (const name of names) {
    at[name] ??= {};
    at = at[name] as Record<string, unknown>;
  }
  if (Array.isArray(at) && last === '-') at.push(value);
  else at[last] = value;
}
