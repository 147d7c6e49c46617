import { expect, test } from 'vitest';
import { sysctlPath } from '../../../src/plan/sysctl.ts';
import { outcome, specWith } from './steps-of.ts';

test.each([
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/100.forwarding', 'net/ipv4/conf/eth0.100/forwarding'],
  ['net/ipv4/conf/eth0.100/forwarding', 'net/ipv4/conf/eth0.100/forwarding'],
  ['kernel', 'kernel'],
])('%s is %s below /proc/sys', (key, path) => {
  expect(sysctlPath(key)).toBe(path);
});

test('a kernel parameter keeps its name in the pointer', () => {
  const sysctl = { 'net/ipv4/ip_forward': '1' };
  const { of, origins } = outcome(specWith({}, { sysctl }));
  expect(of('sysctl')).toEqual([{ kind: 'sysctl', path: 'net/ipv4/ip_forward', value: '1' }]);
  expect(origins('sysctl')).toEqual([
    { from: 'config', pointers: ['/linux/sysctl/net~1ipv4~1ip_forward'] },
  ]);
});
