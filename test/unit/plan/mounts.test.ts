import { describe, expect, test } from 'vitest';
import { MOUNT_ATTR, PROPAGATION } from '../../../src/plan/mount-options.ts';
import { PLAIN_HOST } from './golden-plans.ts';
import { outcome, specWith, specWithMounts } from './steps-of.ts';

const { RDONLY, NODEV } = MOUNT_ATTR;
const tmpfs = (destination: string, ...options: string[]) => ({
  destination,
  type: 'tmpfs',
  options,
});

describe('a mount of a file system', () => {
  test('takes its type as source when it names none', () => {
    expect(
      outcome(specWithMounts({ destination: '/x', type: 'mqueue' })).of('mountFilesystem'),
    ).toMatchObject([{ target: '/x', type: 'mqueue', source: 'mqueue' }]);
  });

  test('is read-only as a mount and as a file system', () => {
    expect(
      outcome(specWithMounts(tmpfs('/x', 'ro', 'size=1m'))).of('mountFilesystem'),
    ).toMatchObject([{ options: ['ro', 'size=1m'], attributes: RDONLY }]);
  });

  test('takes a recursive attribute as its own', () => {
    expect(outcome(specWithMounts(tmpfs('/x', 'rnodev'))).of('mountFilesystem')).toMatchObject([
      { attributes: NODEV },
    ]);
  });

  test('takes a relative destination from the root', () => {
    expect(outcome(specWithMounts(tmpfs('x/y'))).of('mountFilesystem')).toMatchObject([
      { target: '/x/y' },
    ]);
  });

  test.each(['proc', 'sysfs'])('of type %s follows no link', (type) => {
    expect(
      outcome(specWithMounts({ destination: '/x', type })).of('mountFilesystem'),
    ).toMatchObject([{ strictTarget: true }]);
  });

  test('is copied up before it becomes read-only', () => {
    const { of, kinds } = outcome(specWithMounts(tmpfs('/etc', 'tmpcopyup', 'ro')));
    expect(of('mountFilesystem')).toMatchObject([{ copyUp: true, attributes: 0n, options: [] }]);
    expect(of('changeMount')).toMatchObject([{ target: '/etc', set: RDONLY }]);
    expect(kinds.indexOf('changeMount')).toBe(kinds.indexOf('mountFilesystem') + 1);
  });

  test('cannot be copied up if it is no tmpfs, and says so', () => {
    const { of, warnings } = outcome(
      specWithMounts({ destination: '/x', type: 'ramfs', options: ['tmpcopyup'] }),
    );
    expect(of('mountFilesystem')).toMatchObject([{ copyUp: false }]);
    expect(warnings).toEqual(['mounts[0] (/x): tmpcopyup is ignored: it is for tmpfs only']);
  });

  test('without a type is refused with its pointer', () => {
    expect(() => outcome(specWithMounts({ destination: '/x' }))).toThrow(
      'config.json /mounts/0: mount on /x: has neither a type nor the option bind',
    );
  });

  test('on the root is refused', () => {
    expect(() => outcome(specWithMounts(tmpfs('/x/..')))).toThrow('/mounts/0');
  });

  test('has the label of the mounts where SELinux is enabled, but not as proc or sysfs', () => {
    const spec = specWith(
      { mounts: [tmpfs('/x', 'ro'), { destination: '/proc', type: 'proc' }] },
      { mountLabel: 'a:b,c', maskedPaths: ['/proc/kcore'] },
    );
    const enabled = outcome(spec, {
      facts: { ...PLAIN_HOST, lsm: { apparmor: false, selinux: true } },
    });
    expect(enabled.of('mountFilesystem').map(({ options }) => options)).toEqual([
      ['ro', 'context=a:b,c'],
      [],
    ]);
    expect(enabled.of('maskPath')).toMatchObject([{ context: 'context=a:b,c' }]);
    expect(outcome(spec).of('mountFilesystem')[0]?.options).toEqual(['ro']);
  });
});

describe('a read-only tmpfs', () => {
  test.each([
    ['a later mount', [tmpfs('/x', 'ro'), tmpfs('/x/y')], '/x'],
    ['the devices', [tmpfs('/dev', 'ro')], '/dev'],
  ])('that %s lies in stays writable until all is in it', (_, mounts, target) => {
    const { of, kinds } = outcome(specWithMounts(...mounts));
    expect(of('mountFilesystem')[0]).toMatchObject({ attributes: 0n, options: [] });
    expect(of('changeMount')).toMatchObject([{ target, set: RDONLY }]);
    expect(kinds.indexOf('changeMount')).toBeGreaterThan(kinds.lastIndexOf('symlink'));
  });

  test('that a later mount hides is read-only at once, because its place is another mount’s then', () => {
    const { of } = outcome(specWithMounts(tmpfs('/x', 'ro'), tmpfs('/x/y'), tmpfs('/x')));
    expect(of('mountFilesystem')[0]).toMatchObject({ attributes: RDONLY });
    expect(of('changeMount')).toEqual([]);
  });
});

describe('a bind mount', () => {
  const bind = (...options: string[]) => ({ destination: '/x', source: '/s', options });

  test('is one by its option or by its type', () => {
    expect(outcome(specWithMounts(bind('bind'))).of('mountBind')).toMatchObject([
      { recursive: false },
    ]);
    expect(outcome(specWithMounts(bind('rbind'))).of('mountBind')).toMatchObject([
      { recursive: true },
    ]);
    const byType = { destination: '/x', source: '/s', type: 'bind' };
    expect(outcome(specWithMounts(byType)).of('mountBind')).toMatchObject([{ recursive: false }]);
  });

  test('takes a relative source from the bundle', () => {
    const mount = { destination: '/x', source: 'a/b', options: ['bind'] };
    expect(outcome(specWithMounts(mount)).of('mountBind')).toMatchObject([
      { source: '/bundle/a/b' },
    ]);
  });

  test('keeps the propagation that it finds if none is asked for', () => {
    expect(outcome(specWithMounts(bind('bind'))).of('mountBind')).toMatchObject([
      { propagation: 0n },
    ]);
  });

  test('takes each propagation in turn', () => {
    const { of } = outcome(specWithMounts(bind('rbind', 'rslave', 'shared')));
    expect(of('mountBind')).toMatchObject([
      { propagation: PROPAGATION.slave, recursivePropagation: true },
    ]);
    expect(of('changeMount')).toMatchObject([
      { target: '/x', propagation: PROPAGATION.shared, recursive: false },
    ]);
  });

  test('says that it ignores an option for a file system', () => {
    expect(outcome(specWithMounts(bind('bind', 'size=1m'))).warnings).toEqual([
      'mounts[0] (/x): the option "size=1m" is ignored: a bind mount has no file system of its own to set it for',
    ]);
  });

  test('with remount changes the mount that is there', () => {
    const { of } = outcome(specWithMounts(bind('remount', 'bind', 'ro', 'rnodev')));
    expect(of('mountBind')).toEqual([]);
    expect(of('changeMount')).toMatchObject([
      { target: '/x', recursive: false, set: RDONLY },
      { target: '/x', recursive: true, set: NODEV },
    ]);
  });

  test('of id-mapped kind is refused, as src/spec does before', () => {
    expect(() => outcome(specWithMounts(bind('bind', 'idmap')))).toThrow('config.json /mounts/0: ');
  });
});

test('remount without bind changes the file system too', () => {
  const mount = {
    destination: '/x',
    type: 'tmpfs',
    options: ['remount', 'ro', 'size=2m', 'async'],
  };
  expect(outcome(specWithMounts(mount)).of('reconfigure')).toMatchObject([
    { target: '/x', options: ['ro', 'size=2m', 'async'], set: RDONLY, clear: 0n },
  ]);
});

describe('a place inside /proc', () => {
  const onProc = (destination: string, type = 'bind') => ({ destination, source: '/s', type });

  test.each(['/proc/uptime', '/proc/../proc/cpuinfo', 'proc/net/dev'])(
    '%s takes a bind',
    (destination) => {
      expect(outcome(specWithMounts(onProc(destination))).of('mountBind')).toMatchObject([
        { procTarget: true },
      ]);
    },
  );

  test.each([
    ['/proc/self/attr', 'bind'],
    ['/proc/sys/kernel/core_pattern', 'bind'],
    ['/proc/uptime', 'tmpfs'],
    ['/x/../proc/1', 'tmpfs'],
  ])('%s takes no %s (CVE-2019-19921)', (destination, type) => {
    expect(() => outcome(specWithMounts(onProc(destination, type)))).toThrow(
      'inside /proc only binds on ',
    );
  });

  test('/proc itself takes a bind of the host’s', () => {
    expect(outcome(specWithMounts(onProc('/proc'))).of('mountBind')).toMatchObject([
      { procTarget: false },
    ]);
  });
});

describe('a mount of type cgroup', () => {
  const mount = { destination: '/sys/fs/cgroup', type: 'cgroup', options: ['ro', 'nodev'] };

  test('shows the container its own cgroup in each hierarchy, by each name, in a tmpfs', () => {
    const { of, kinds, origins } = outcome(specWithMounts(mount));
    expect(of('mountFilesystem')).toMatchObject([
      { type: 'tmpfs', target: '/sys/fs/cgroup', attributes: NODEV },
    ]);
    expect(of('mountBind')).toMatchObject([
      {
        target: '/sys/fs/cgroup/memory',
        source: '/sys/fs/cgroup/memory/runts/c1',
        set: RDONLY | NODEV,
      },
      { target: '/sys/fs/cgroup/cpu,cpuacct', set: RDONLY | NODEV },
    ]);
    expect(of('symlink').slice(0, 2)).toMatchObject([
      { target: '/sys/fs/cgroup/cpu', content: 'cpu,cpuacct' },
      { target: '/sys/fs/cgroup/cpuacct', content: 'cpu,cpuacct' },
    ]);
    expect(of('changeMount')).toMatchObject([{ target: '/sys/fs/cgroup', set: RDONLY }]);
    expect(kinds.indexOf('changeMount')).toBeGreaterThan(kinds.lastIndexOf('mountBind'));
    expect(origins('mountBind')).toEqual(
      Array(2).fill({ from: 'config', pointers: ['/mounts/0'] }),
    );
  });

  test('is refused on a host without a v1 hierarchy', () => {
    expect(() =>
      outcome(specWithMounts(mount), { facts: { ...PLAIN_HOST, cgroupMounts: [] } }),
    ).toThrow(
      'config.json /mounts/0: mount cgroup on /sys/fs/cgroup: no cgroup v1 hierarchy is mounted on this host',
    );
  });
});
