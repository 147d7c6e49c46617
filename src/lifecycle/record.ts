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

/** Says what was expected where a value is wrong. */
type Check = (value: unknown) => string | undefined;

const isText: Check = (value) => (typeof value === 'string' ? undefined : 'a text');
const isFlag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsolute: Check = (value) =>
  typeof value === 'string' && value.startsWith('/') ? undefined : 'an absolute path';

const isHookList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((hook) => isObject(hook) && typeof hook.path === 'string');

const isCgroupPlace = (value: unknown): boolean =>
  isObject(value) &&
  value.version === 1 &&
  typeof value.claimed === 'boolean' &&
  [value.paths, value.parents].every(
    (map) => isObject(map) && Object.values(map).every((path) => isAbsolute(path) === undefined),
  );

const SHAPE: Readonly<Record<keyof ContainerRecord, Check>> = {
  version: (value) => (value === 1 ? undefined : 'version 1'),
  stage: (value) =>
    value === 'creating' || value === 'created' ? undefined : '"creating" or "created"',
  id: isText,
  bundle: isAbsolute,
  rootfs: isAbsolute,
  ociVersion: isText,
  created: isText,
  owner: isText,
  annotations: (value) =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'string')
      ? undefined
      : 'an object of texts',
  // 1 is the init of the host: whoever made us kill that had forged the file.
  pid: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value !== 1
      ? undefined
      : 'a process id, or 0',
  startTime: (value) =>
    typeof value === 'string' && /^\d*$/.test(value) ? undefined : 'a number as text',
  cgroup: (value) => (value === null || isCgroupPlace(value) ? undefined : 'a cgroup, or null'),
  terminal: isFlag,
  hasProcess: isFlag,
  sessionKeyring: isFlag,
  hooks: (value) =>
    isObject(value) && Object.values(value).every(isHookList) ? undefined : 'lists of hooks',
  rootless: isFlag,
  ownsPidNamespace: isFlag,
  hostMountId: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? undefined : 'a mount id',
};

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
  for (const [name, check] of Object.entries(SHAPE)) {
    const expected = check(value[name]);
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
  const sound = Object.entries(SHAPE).filter(([name, check]) => check(fields[name]) === undefined);
  return Object.fromEntries(sound.map(([name]) => [name, fields[name]]));
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
