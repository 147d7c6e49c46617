import { describe, expect, test } from 'vitest';
import { sysctlPath } from '../../../../src/spec/rules/sysctl.ts';
import { describeRule } from '../rule-cases.ts';
import type { Changes } from '../support.ts';

const set = (...names: string[]): Changes => ({
  '/linux/sysctl': Object.fromEntries(names.map((name) => [name, '1'])),
});
const ALONE = { '/linux/namespaces': [{ type: 'pid' }] };
const HOST = 'expected a setting that belongs to a namespace, got one that would change the host';
const malformed = (got: string): string =>
  `expected a name such as net.ipv4.ip_forward, got "${got}"`;
const lacking = (kind: string, got = 'none'): string =>
  `expected a namespace of type "${kind}" that is not the host's, got ${got}`;

describeRule('sysctl', {
  refused: [
    ['a setting of the host', set('vm.swappiness'), `/linux/sysctl/vm.swappiness: ${HOST}`],
    [
      'a setting of the host beside those of ipc',
      set('kernel.core_pattern'),
      `/linux/sysctl/kernel.core_pattern: ${HOST}`,
    ],
    [
      'one that only begins like one of ipc',
      set('kernel.shmmax_x'),
      `/linux/sysctl/kernel.shmmax_x: ${HOST}`,
    ],
    [
      'a limit of user namespaces',
      set('user.max_pid_namespaces'),
      `/linux/sysctl/user.max_pid_namespaces: ${HOST}`,
    ],
    [
      'net without a network namespace',
      { ...ALONE, ...set('net.ipv4.ip_forward') },
      `/linux/sysctl/net.ipv4.ip_forward: ${lacking('network')}`,
    ],
    [
      'shared memory without an ipc namespace',
      { ...ALONE, ...set('kernel.shmmax') },
      `/linux/sysctl/kernel.shmmax: ${lacking('ipc')}`,
    ],
    [
      'message queues without an ipc namespace',
      { ...ALONE, ...set('fs.mqueue.msg_max') },
      `/linux/sysctl/fs.mqueue.msg_max: ${lacking('ipc')}`,
    ],
    [
      'a hostname without a uts namespace',
      { ...ALONE, ...set('kernel.hostname') },
      `/linux/sysctl/kernel.hostname: ${lacking('uts')}`,
    ],
    [
      "net in the host's network namespace, joined by path",
      { ...set('net.core.somaxconn'), '/linux/namespaces/1/path': '/proc/1/ns/net' },
      `/linux/sysctl/net.core.somaxconn: ${lacking('network', "the host's")}`,
    ],
    [
      "net in the runtime's own network namespace, joined by path",
      { ...set('net.core.somaxconn'), '/linux/namespaces/1/path': '/proc/self/ns/net' },
      `/linux/sysctl/net.core.somaxconn: ${lacking('network', "the host's")}`,
    ],
    [
      'a hostname beside the hostname',
      { ...set('kernel.hostname'), '/hostname': 'web' },
      '/linux/sysctl/kernel.hostname: expected no setting that contends with /hostname, got both',
    ],
    [
      'a domainname beside the domainname',
      { ...set('kernel/domainname'), '/domainname': 'web' },
      '/linux/sysctl/kernel~1domainname: expected no setting that contends with /domainname, got both',
    ],
    [
      'a setting twice in two ways',
      set('net.core.somaxconn', 'net/core/somaxconn'),
      '/linux/sysctl/net~1core~1somaxconn: expected each setting once, got it also as "net.core.somaxconn"',
    ],
    [
      'a way out of net',
      set('net/../kernel/core_pattern'),
      `/linux/sysctl/net~1..~1kernel~1core_pattern: ${malformed('net/../kernel/core_pattern')}`,
    ],
    [
      'a way out of net, written with dots',
      set('net.//.kernel.core_pattern'),
      `/linux/sysctl/net.~1~1.kernel.core_pattern: ${malformed('net.//.kernel.core_pattern')}`,
    ],
    ['an empty name', set(''), `/linux/sysctl/: ${malformed('')}`],
    ['a directory', set('net.'), `/linux/sysctl/net.: ${malformed('net.')}`],
    [
      'an absolute path',
      set('/net/core/somaxconn'),
      `/linux/sysctl/~1net~1core~1somaxconn: ${malformed('/net/core/somaxconn')}`,
    ],
  ],
  accepted: [
    ['net in a new network namespace', set('net.ipv4.ip_forward', 'net/ipv6/conf/all/forwarding')],
    [
      'net in a network namespace that an engine made before',
      { ...set('net.ipv4.ip_forward'), '/linux/namespaces/1/path': '/run/netns/cni-1' },
    ],
    [
      'settings of ipc',
      set('kernel.shm_rmid_forced', 'kernel.msgmax', 'kernel.sem', 'fs.mqueue.queues_max'),
    ],
    ['a hostname without the hostname', set('kernel.hostname')],
    ['a domainname beside the hostname', { ...set('kernel.domainname'), '/hostname': 'web' }],
  ],
});

describe('sysctlPath', () => {
  test.each([
    ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
    ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
    ['net.ipv4.conf.eth0/1.forwarding', 'net/ipv4/conf/eth0.1/forwarding'],
    ['net/ipv4/conf/eth0.1/forwarding', 'net/ipv4/conf/eth0.1/forwarding'],
    ['net', undefined],
  ])('%s is %s', (name, path) => {
    expect(sysctlPath(name)).toBe(path);
  });
});
