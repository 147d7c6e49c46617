import { describe, expect, test } from 'vitest';
import { capabilitySet } from '../../../src/plan/capability-names.ts';
import type { Device, Mount } from '../../../src/spec/types.ts';
import { ALL_CAPABILITIES, PLAIN_HOST } from './golden-plans.ts';
import { outcome, specWith, USER_NAMESPACE } from './steps-of.ts';

const withDevices = (...devices: Device[]) => outcome(specWith({}, { devices }));
const withMounts = (...mounts: Mount[]) => outcome(specWith({ mounts }));
const targets = (steps: readonly { target: string }[]) => steps.map(({ target }) => target);

const DEFAULTS = ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `/dev/${name}`);
const LINKS = ['fd', 'stdin', 'stdout', 'stderr', 'ptmx'].map((name) => `/dev/${name}`);

describe('the default devices', () => {
  test('are made with their links, by the specification', () => {
    const { of, origins } = withDevices();
    expect(targets(of('makeDevice'))).toEqual(DEFAULTS);
    expect(of('makeDevice')[0]).toMatchObject({
      mode: 0o020666,
      major: 1,
      minor: 3,
      ownerGiven: false,
    });
    expect(targets(of('symlink'))).toEqual(LINKS);
    expect(origins('makeDevice')).toEqual(
      DEFAULTS.map(() => ({ from: 'specification', clause: 'config-linux.md, Default Devices' })),
    );
  });

  test('give way to a configured device of the same path', () => {
    const { of, origins } = withDevices({
      type: 'c',
      path: '/dev/null',
      major: 1,
      minor: 3,
      fileMode: 0o600,
    });
    expect(targets(of('makeDevice'))).toEqual([...DEFAULTS.slice(1), '/dev/null']);
    expect(of('makeDevice').at(-1)).toMatchObject({ mode: 0o020600 });
    expect(origins('makeDevice').at(-1)).toEqual({
      from: 'config',
      pointers: ['/linux/devices/0'],
    });
  });

  test('give way to what is mounted at their path', () => {
    const { of } = withMounts(
      { destination: '/dev/null', source: '/dev/null', options: ['bind'] },
      { destination: '/dev/ptmx', source: '/dev/ptmx', options: ['bind'] },
    );
    expect(targets(of('makeDevice'))).toEqual(DEFAULTS.slice(1));
    expect(targets(of('symlink'))).toEqual(LINKS.slice(0, -1));
  });

  test('are not made in the host’s /dev', () => {
    const mounts = [{ destination: '/dev/', source: '/dev', options: ['rbind'] }];
    const devices = [
      { type: 'c', path: '/dev/kvm', major: 10, minor: 232 },
      { type: 'p', path: '/run/pipe' },
    ];
    const { of, kinds, warnings } = outcome(specWith({ mounts }, { devices }));
    expect(targets(of('makeDevice'))).toEqual(['/run/pipe']);
    expect(kinds).not.toContain('symlink');
    expect(warnings).toEqual([
      'linux.devices: /dev/kvm left as they are: the configuration binds them from the host',
    ]);
  });
});

describe('a configured device', () => {
  const kvm = { type: 'c', path: '/dev/kvm', major: 10, minor: 232, uid: 1000 };

  test.each([
    ['itself', { destination: '/dev/kvm', source: '/somewhere', options: ['bind'] }],
    ['its directory', { destination: '/dev', source: '/somewhere', options: ['rbind'] }],
    ['the host’s devices', { destination: '/dev/', source: '/dev/', options: ['rbind'] }],
  ])('keeps the mode and the owner that it has on the host where %s is bound', (_, mount) => {
    const { of, warnings } = outcome(specWith({ mounts: [mount] }, { devices: [kvm] }));
    expect(targets(of('makeDevice'))).not.toContain('/dev/kvm');
    expect(warnings).toHaveLength(1);
  });

  test.each([
    [
      'is hidden by another mount',
      [
        { destination: '/dev', source: '/dev', options: ['rbind'] },
        { destination: '/dev', type: 'tmpfs' },
      ],
    ],
    [
      'is a volume of another place',
      [{ destination: '/srv', source: '/data', options: ['rbind'] }],
    ],
  ])('is made where what is bound %s', (_, mounts) => {
    const devices = [kvm, { ...kvm, path: '/srv/kvm' }];
    const { of, warnings } = outcome(specWith({ mounts }, { devices }));
    expect(targets(of('makeDevice')).slice(-2)).toEqual(['/dev/kvm', '/srv/kvm']);
    expect(warnings).toEqual([]);
  });

  test('has its type, mode, numbers and owner', () => {
    const { of } = withDevices(
      { type: 'b', path: '/dev/disk', major: 8, minor: 1n, fileMode: 0o060640, uid: 1, gid: 2 },
      { type: 'u', path: '/dev/raw', major: 7, minor: 0 },
      { type: 'p', path: '/run/pipe', gid: 3 },
    );
    expect(of('makeDevice').slice(6)).toEqual([
      {
        kind: 'makeDevice',
        target: '/dev/disk',
        mode: 0o060640,
        major: 8,
        minor: 1,
        uid: 1,
        gid: 2,
        ownerGiven: true,
      },
      {
        kind: 'makeDevice',
        target: '/dev/raw',
        mode: 0o020666,
        major: 7,
        minor: 0,
        uid: 0,
        gid: 0,
        ownerGiven: false,
      },
      {
        kind: 'makeDevice',
        target: '/run/pipe',
        mode: 0o010666,
        major: 0,
        minor: 0,
        uid: 0,
        gid: 3,
        ownerGiven: true,
      },
    ]);
  });

  test('that is named twice is made once', () => {
    const fuse = { type: 'c', path: '/dev/fuse', major: 10, minor: 229 };
    expect(targets(withDevices(fuse, fuse).of('makeDevice'))).toEqual([...DEFAULTS, '/dev/fuse']);
  });

  test('is bound from the host in a user namespace, and where CAP_MKNOD is missing; a FIFO is made', () => {
    const devices = [
      { type: 'c', path: '/dev/fuse', major: 10, minor: 229 },
      { type: 'p', path: '/run/pipe' },
    ];
    const permitted = ALL_CAPABILITIES & ~capabilitySet('CAP_MKNOD');
    const facts = { ...PLAIN_HOST, capabilities: { bounding: permitted, permitted } };
    for (const { of } of [
      outcome(specWith({}, { ...USER_NAMESPACE, devices })),
      outcome(specWith({}, { devices }), { facts }),
    ]) {
      expect(targets(of('bindDevice'))).toEqual([...DEFAULTS, '/dev/fuse']);
      expect(of('bindDevice').at(-1)).toMatchObject({
        source: '/dev/fuse',
        type: 0o020000,
        major: 10,
        minor: 229,
      });
      expect(targets(of('makeDevice'))).toEqual(['/run/pipe']);
    }
  });
});

describe('the console', () => {
  test('has the size that is asked for: rows are its height', () => {
    const process = {
      args: ['sh'],
      cwd: '/',
      terminal: true,
      consoleSize: { height: 24, width: 80n },
    };
    expect(outcome(specWith({ process })).of('openConsole')).toMatchObject([
      { rows: 24, columns: 80 },
    ]);
  });

  test('is there only for a process with a terminal', () => {
    const process = { args: ['sh'], cwd: '/', consoleSize: { height: 24, width: 80 } };
    expect(outcome(specWith({ process })).kinds).not.toContain('openConsole');
  });
});
