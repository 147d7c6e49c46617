import { describe, expect, test } from 'vitest';
import type { Linux } from '../../../src/spec/types.ts';
import { PLAIN_HOST } from './golden-plans.ts';
import { outcome, specWith, USER_NAMESPACE } from './steps-of.ts';

const withLinux = (linux: Partial<Linux>) => outcome(specWith({}, linux));

describe('namespaces', () => {
  test('init is born in all new ones but that of time', () => {
    const types = ['pid', 'network', 'mount', 'ipc', 'uts', 'cgroup', 'user', 'time'] as const;
    const { of } = withLinux({ ...USER_NAMESPACE, namespaces: types.map((type) => ({ type })) });
    expect(of('forkInit')).toMatchObject([{ flags: 0x7e02_0000n }]);
    expect(of('timeOffsets')).toEqual([{ kind: 'timeOffsets', offsets: '' }]);
  });

  test('an empty path is a new one', () => {
    expect(withLinux({ namespaces: [{ type: 'mount', path: '' }] }).of('forkInit')).toMatchObject([
      { flags: 0x2_0000n },
    ]);
  });

  test('joined ones are opened in the order of the configuration, behind the slots that travel', () => {
    const namespaces = [
      { type: 'mount' as const, path: '/m' },
      { type: 'network' as const, path: '/n' },
    ];
    const { of } = outcome(specWith({}, { namespaces }), { preserveFds: 2 });
    expect(of('openNamespace')).toMatchObject([
      { slot: 3, nsType: 0x2_0000, path: '/m' },
      { slot: 4, nsType: 0x4000_0000, path: '/n' },
    ]);
    expect(
      of('enterNamespace').map(({ slot }) => slot),
      'the mount namespace last',
    ).toEqual([4, 3]);
  });

  test('root enters the user namespace last, an ordinary user first', () => {
    const namespaces = [
      { type: 'network' as const, path: '/n' },
      { type: 'user' as const, path: '/u' },
      { type: 'mount' as const, path: '/m' },
    ];
    const spec = specWith({}, { namespaces });
    const order = (steps: readonly { nsType: number }[]) => steps.map(({ nsType }) => nsType);
    expect(order(outcome(spec).of('enterNamespace'))).toEqual([0x4000_0000, 0x2_0000, 0x1000_0000]);
    const facts = { ...PLAIN_HOST, euid: 1000, capabilities: { bounding: 0n, permitted: 0n } };
    expect(order(outcome(spec, { facts }).of('enterNamespace'))).toEqual([
      0x1000_0000, 0x4000_0000, 0x2_0000,
    ]);
  });

  test('offsets are lines for the clocks that have one', () => {
    const namespaces = [{ type: 'time' as const }];
    const offsets = (timeOffsets: Linux['timeOffsets']) =>
      withLinux({ namespaces, ...(timeOffsets && { timeOffsets }) }).of('timeOffsets')[0]?.offsets;
    expect(offsets({ boottime: { secs: -1n, nanosecs: 5 } })).toBe('boottime -1 5\n');
    expect(offsets({ boottime: {}, monotonic: { secs: 9_007_199_254_740_993n } })).toBe(
      'monotonic 9007199254740993 0\nboottime 0 0\n',
    );
  });

  test('loopback is brought up in a new network namespace only', () => {
    expect(withLinux({ namespaces: [{ type: 'network' }] }).kinds).toContain('loopbackUp');
    expect(withLinux({ namespaces: [{ type: 'network', path: '/n' }] }).kinds).not.toContain(
      'loopbackUp',
    );
    expect(withLinux({ namespaces: [] }).kinds).not.toContain('loopbackUp');
  });
});

describe('a user namespace', () => {
  test('that is new has its mappings written by the runtime while init waits', () => {
    const { of, kinds } = withLinux({
      ...USER_NAMESPACE,
      uidMappings: [
        { containerID: 0, hostID: 1000, size: 1 },
        { containerID: 1, hostID: 4_294_900_000, size: 65_536 },
      ],
    });
    expect(of('writeIdMappings')).toMatchObject([
      { uidMap: '0 1000 1\n1 4294900000 65536\n', gidMap: '0 100000 65536\n' },
    ]);
    expect(kinds.slice(kinds.indexOf('writeIdMappings') - 1).slice(0, 3)).toEqual([
      'barrier',
      'writeIdMappings',
      'becomeRoot',
    ]);
  });

  test('without an id 0 has no root to become', () => {
    const one = [{ containerID: 1, hostID: 1000, size: 1 }];
    expect(withLinux({ ...USER_NAMESPACE, uidMappings: one }).kinds).not.toContain('becomeRoot');
  });

  test('that is joined has its mappings already', () => {
    const { kinds, of } = withLinux({ namespaces: [{ type: 'user', path: '/u' }] });
    expect(kinds).toContain('becomeRoot');
    expect(kinds).not.toContain('writeIdMappings');
    expect(of('barrier')).toMatchObject([{ stage: 1 }, { stage: 2 }]);
  });

  test('has hard limits raised outside of it', () => {
    const process = {
      args: ['sh'],
      cwd: '/',
      rlimits: [{ type: 'RLIMIT_CORE', soft: 1, hard: 2 }],
    };
    expect(outcome(specWith({ process }, USER_NAMESPACE)).of('raiseRlimit')).toMatchObject([
      { resource: 4, hard: 2n },
    ]);
    expect(outcome(specWith({ process })).kinds).not.toContain('raiseRlimit');
  });

  test('of an ordinary user denies setgroups', () => {
    const facts = { ...PLAIN_HOST, euid: 1000, capabilities: { bounding: 0n, permitted: 0n } };
    const spec = specWith({}, USER_NAMESPACE);
    expect(outcome(spec, { facts }).of('setUser')).toMatchObject([{ setGroups: false }]);
    expect(outcome(spec).of('setUser')).toMatchObject([{ setGroups: true }]);
    const user = { uid: 0, gid: 0, additionalGids: [5] };
    const groups = specWith({ process: { args: ['sh'], cwd: '/', user } }, USER_NAMESPACE);
    expect(() => outcome(groups, { facts })).toThrow('config.json /process/user/additionalGids: ');
  });
});
