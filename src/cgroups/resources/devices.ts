import { RuntimeError } from '../../error.ts';
import type { DeviceRule } from '../../spec/types.ts';

/** What a container may do with a kind of device: an exception to the list's default. */
export interface DeviceException {
  readonly type: 'b' | 'c';
  /** undefined stands for all. */
  readonly major: string | undefined;
  readonly minor: string | undefined;
  /** Of `rwm`, in this order. */
  readonly access: string;
  /** JSON pointer of the rule; undefined for the defaults that every container gets. */
  readonly pointer: string | undefined;
}

export interface DeviceList {
  readonly allowByDefault: boolean;
  readonly exceptions: readonly DeviceException[];
}

interface Rule extends DeviceException {
  readonly allow: boolean;
}

/** Major and minor in admin-guide/devices.txt; the same list that runc gives. */
const DEFAULT_DEVICES: readonly (readonly [
  'b' | 'c',
  (string | undefined)?,
  (string | undefined)?,
  string?,
])[] = [
  // Any node may be made: using it is another right.
  ['c', undefined, undefined, 'm'],
  ['b', undefined, undefined, 'm'],
  ['c', '1', '3'], // null
  ['c', '1', '5'], // zero
  ['c', '1', '7'], // full
  ['c', '1', '8'], // random
  ['c', '1', '9'], // urandom
  ['c', '5', '0'], // tty
  ['c', '5', '2'], // ptmx
  ['c', '136', undefined], // pts
  ['c', '10', '200'], // net/tun
];

/**
 * Computes what the rules of config.json, and the default devices after them, come to: nothing is allowed at first,
 * and each rule overrides those before it (config-linux.md, "Allowed Device list").
 *
 * The kernel's list of v1 takes the same rules, but silently ignores a rule that would take a part out of a broader
 * one before it, and reads any rule of type `a` as "everything": both are handled here.
 *
 * @param pointer JSON pointer of the rules
 * @throws RuntimeError where the list can't say what is asked for
 */
export function compileDevices(rules: readonly DeviceRule[], pointer: string): DeviceList {
  let list: DeviceList = { allowByDefault: false, exceptions: [] };
  rules.forEach((rule, index) => {
    const at = `${pointer}/${index}`;
    const isAll = isAnyDevice(rule) && accessOf(rule, at) === 'rwm';
    if (isAll) list = { allowByDefault: rule.allow, exceptions: [] };
    else for (const one of expandTypes(rule, at)) list = applyRule(list, one);
  });
  for (const [type, major, minor, access = 'rwm'] of DEFAULT_DEVICES) {
    list = applyRule(list, { allow: true, type, major, minor, access, pointer: undefined });
  }
  return list;
}

/** @returns the exception as the kernel's files read and show it */
export function formatDevice({ type, major, minor, access }: Omit<DeviceException, 'pointer'>) {
  return `${type} ${major ?? '*'}:${minor ?? '*'} ${access}`;
}

function isAnyDevice(rule: DeviceRule): boolean {
  const isAnyType = rule.type === undefined || rule.type === '' || rule.type === 'a';
  return isAnyType && numberOf(rule.major) === undefined && numberOf(rule.minor) === undefined;
}

function expandTypes(rule: DeviceRule, pointer: string): Rule[] {
  return typesOf(rule, pointer).map((type) => ({
    allow: rule.allow,
    type,
    major: numberOf(rule.major),
    minor: numberOf(rule.minor),
    access: accessOf(rule, pointer),
    pointer,
  }));
}

function typesOf({ type }: DeviceRule, pointer: string): ('b' | 'c')[] {
  switch (type) {
    case 'b':
      return ['b'];
    case 'c':
    case 'u':
      return ['c'];
    case undefined:
    case '':
    case 'a':
      return ['b', 'c'];
    default:
      throw ruleError(`type "${type}" is none of a, b, c`, pointer);
  }
}

/** A number that is absent, or -1 as engines write it, stands for all. */
function numberOf(value: DeviceRule['major']): string | undefined {
  return value === undefined || value < 0 ? undefined : `${value}`;
}

function accessOf({ access }: DeviceRule, pointer: string): string {
  if (access === undefined || access === '') return 'rwm';
  if (!/^[rwm]+$/.test(access))
    throw ruleError(`access "${access}" is not made of r, w, m`, pointer);
  return keep('rwm', access);
}

/** The letters of `access` that are in `allowed`. */
function keep(access: string, allowed: string): string {
  return [...access].filter((letter) => allowed.includes(letter)).join('');
}

function applyRule(list: DeviceList, rule: Rule): DeviceList {
  const { allow, ...exception } = rule;
  const exceptions =
    allow === list.allowByDefault
      ? withoutException(list.exceptions, rule)
      : withException(list.exceptions, exception);
  return { ...list, exceptions };
}

function withException(
  exceptions: readonly DeviceException[],
  added: DeviceException,
): DeviceException[] {
  const isSame = ({ type, major, minor }: DeviceException): boolean =>
    type === added.type && major === added.major && minor === added.minor;
  const present = exceptions.find(isSame);
  if (present === undefined) return [...exceptions, added];
  const access = keep('rwm', present.access + added.access);
  // The config's rule stays the origin of what a default only completes.
  const merged = { ...added, access, pointer: added.pointer ?? present.pointer };
  return exceptions.map((exception) => (exception === present ? merged : exception));
}

function withoutException(exceptions: readonly DeviceException[], rule: Rule): DeviceException[] {
  return exceptions.flatMap((exception) => {
    if (!isOverlapping(exception, rule)) return [exception];
    if (!isCovering(rule, exception)) throw holeError(exception, rule);
    const access = [...exception.access].filter((letter) => !rule.access.includes(letter)).join('');
    return access === '' ? [] : [{ ...exception, access }];
  });
}

function isOverlapping(exception: DeviceException, rule: Rule): boolean {
  const meets = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || a === b;
  return (
    exception.type === rule.type &&
    meets(exception.major, rule.major) &&
    meets(exception.minor, rule.minor) &&
    keep(exception.access, rule.access) !== ''
  );
}

function isCovering(rule: Rule, exception: DeviceException): boolean {
  const holds = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || a === b;
  return holds(rule.major, exception.major) && holds(rule.minor, exception.minor);
}

function holeError(exception: DeviceException, rule: Rule): RuntimeError {
  const verb = rule.allow ? 'allow' : 'deny';
  const broader = `${rule.allow ? 'deny' : 'allow'} ${formatDevice(exception)}`;
  const who = rule.pointer === undefined ? ' as for every container' : '';
  return ruleError(
    `cgroup v1 cannot ${verb} ${formatDevice(rule)}${who} out of the broader rule "${broader}": list the devices one by one`,
    rule.pointer ?? exception.pointer,
  );
}

function ruleError(detail: string, pointer: string | undefined): RuntimeError {
  return new RuntimeError({ operation: 'set the device list', detail, pointer });
}
