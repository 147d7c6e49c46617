import type { Context } from './input.ts';
import { type Draft, fromConfig, pointerToken } from './origin.ts';

/** The steps for `linux.sysctl`, which only names what belongs to a namespace (src/spec/rules/sysctl.ts). */
export function setSysctls({ spec }: Context): Draft[] {
  return Object.entries(spec.linux?.sysctl ?? {}).map(
    ([key, value]): Draft => ({
      origin: fromConfig(`/linux/sysctl/${pointerToken(key)}`),
      step: { kind: 'sysctl', path: sysctlPath(key), value },
    }),
  );
}

/**
 * Whichever of `.` and `/` comes first in a name divides its parts; the other one stands for a dot, as in the name of
 * a network interface: `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` (sysctl.d(5)).
 *
 * @returns the path below /proc/sys
 */
export function sysctlPath(key: string): string {
  if (key[key.search(/[./]/)] !== '.') return key;
  return key.replaceAll(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}
