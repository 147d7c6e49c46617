import type { CgroupPlace } from '../cgroups/place.ts';
import { RuntimeError } from '../error.ts';
import type { Hooks } from '../spec/types.ts';

/** How far `create` has come: until init is ready to be started, and from then on. */
export type Stage = 'creating' | 'created';

/**
 * What is kept about a container from `create` to `delete`, in `state.json` of its directory. Status is no part of
 * it: that is asked of the kernel each time (status.ts).
 */
export interface ContainerRecord {
  readonly version: 1;
  readonly stage: Stage;
  readonly id: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Absolute path of the root file system. */
  readonly rootfs: string;
  /** Of the configuration. */
  readonly ociVersion: string;
  /** RFC 3339, see {@link timestamp}. */
  readonly created: string;
  /** Name of the user who made it, or the number where it has no name. */
  readonly owner: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of init as the host sees it; 0 before there is one. */
  readonly pid: number;
  /** Of init, see procfs.ts; empty before there is one. A pid is believed only together with it. */
  readonly startTime: string;
  /** Null where the container has no cgroup of its own. */
  readonly cgroup: CgroupPlace | null;
  readonly terminal: boolean;
  /** Whether the configuration has a process: without one there is nothing to start (config.md, "Process"). */
  readonly hasProcess: boolean;
  /** Whether its processes have a session keyring of their own, `_ses.ID`. */
  readonly sessionKeyring: boolean;
  /** As in the configuration. */
  readonly hooks: Hooks;
  readonly rootless: boolean;
  /** Whether the end of init ends all others: the kernel kills what is left in a pid namespace. */
  readonly ownsPidNamespace: boolean;
  /** Where it has no mount namespace of its own: what the rootfs was mounted from before create. Else 0. */
  readonly hostMountId: number;
}

const FIELDS = [
  ...(['version', 'stage', 'id', 'bundle', 'rootfs', 'ociVersion', 'created', 'owner'] as const),
  ...(['annotations', 'pid', 'startTime', 'cgroup', 'terminal', 'hasProcess'] as const),
  ...(['sessionKeyring', 'hooks', 'rootless', 'ownsPidNamespace', 'hostMountId'] as const),
] satisfies readonly (keyof ContainerRecord)[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns what was expected where the value of a field is wrong */
function expectedOf(field: keyof ContainerRecord, value: unknown): string | undefined {
  switch (field) {
    case 'version':
      return value === 1 ? undefined : 'version 1';
    case 'stage':
      return value === 'creating' || value === 'created' ? undefined : '"creating" or "created"';
    case 'id':
    case 'ociVersion':
    case 'created':
    case 'owner':
      return typeof value === 'string' ? undefined : 'a text';
    case 'bundle':
    case 'rootfs':
      return isAbsolute(value) ? undefined : 'an absolute path';
    case 'annotations':
      return isObject(value) && areTexts(value) ? undefined : 'an object of texts';
    case 'pid':
      // 1 is the init of the host: whoever made us kill that had forged the file.
      return isNatural(value) && value !== 1 ? undefined : 'a process id, or 0';
    case 'startTime':
      return typeof value === 'string' && areDigits(value) ? undefined : 'a number as text';
    case 'cgroup':
      return value === null || isCgroupPlace(value) ? undefined : 'a cgroup, or null';
    case 'hooks':
      return isObject(value) && areHookLists(value) ? undefined : 'lists of hooks';
    case 'hostMountId':
      return isNatural(value) ? undefined : 'a mount id';
    case 'terminal':
    case 'hasProcess':
    case 'sessionKeyring':
    case 'rootless':
    case 'ownsPidNamespace':
      return typeof value === 'boolean' ? undefined : 'true or false';
    default:
      throw new TypeError(`unknown field ${field satisfies never}`);
  }
}

function isAbsolute(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}

function isNatural(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function areDigits(text: string): boolean {
  for (const character of text) {
    if (character < '0' || character > '9') return false;
  }
  return true;
}

function areTexts(map: Record<string, unknown>): boolean {
  for (const name in map) {
    if (typeof map[name] !== 'string') return false;
  }
  return true;
}

function arePaths(map: unknown): boolean {
  if (!isObject(map)) return false;
  for (const name in map) {
    if (!isAbsolute(map[name])) return false;
  }
  return true;
}

function isCgroupPlace(value: unknown): boolean {
  return (
    isObject(value) &&
    value.version === 1 &&
    typeof value.claimed === 'boolean' &&
    arePaths(value.paths) &&
    arePaths(value.parents)
  );
}

function areHookLists(map: Record<string, unknown>): boolean {
  for (const name in map) {
    const list = map[name];
    if (!Array.isArray(list)) return false;
    for (const hook of list) {
      if (!isObject(hook) || typeof hook.path !== 'string') return false;
    }
  }
  return true;
}

/**
 * Reads what {@link printRecord} wrote, and trusts none of it.
 *
 * @param file named in messages
 * @throws RuntimeError that names the file, the value and what was expected
 */
export function parseRecord(text: string, file: string): ContainerRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, text === '' ? 'it is empty' : 'it is no JSON', cause);
  }
  if (!isObject(value)) throw damaged(file, 'expected an object');
  for (const name of FIELDS) {
    const expected = expectedOf(name, value[name]);
    if (expected !== undefined) throw damaged(file, `${name}: expected ${expected}`);
  }
  return value as unknown as ContainerRecord;
}

/** @returns what can still be believed of a record that {@link parseRecord} refuses, field by field */
export function salvageFields(text: string): Partial<ContainerRecord> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (!isObject(value)) return {};
  const fields = value;
  const sound = FIELDS.filter((name) => expectedOf(name, fields[name]) === undefined);
  return Object.fromEntries(sound.map((name) => [name, fields[name]]));
}

/** @returns the text of `state.json` */
export function printRecord(record: ContainerRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @returns now in UTC as RFC 3339, with nine decimals of which the platform knows six */
export function timestamp(): string {
  const milliseconds = performance.timeOrigin + performance.now();
  const fraction = Math.floor((milliseconds % 1) * 1e6);
  const upToMilliseconds = new Date(milliseconds).toISOString().slice(0, -1);
  return `${upToMilliseconds}${String(fraction).padStart(6, '0')}Z`;
}

function damaged(file: string, detail: string, cause?: unknown): RuntimeError {
  return new RuntimeError({
    operation: '',
    detail: `${file} is damaged: ${detail}; "delete --force" removes what is left of the container`,
    path: file,
    cause,
  });
}
