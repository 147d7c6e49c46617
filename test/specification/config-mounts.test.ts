import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import type { Section } from '../lib/config.ts';
import { succeed } from '../lib/container.ts';
import { type MountPoint, mountOn, observe, parseMounts } from '../lib/observe.ts';
import { RUNTIME, runToEnd } from '../lib/runtime.ts';
import { useSandbox, useSharedSandbox } from '../lib/sandbox.ts';
import type { ClauseId } from './clauses.ts';
import { must } from './must.ts';

const tmpfs = (destination: string, ...options: string[]): Section => ({
  destination,
  type: 'tmpfs',
  source: 'tmpfs',
  options,
});

/** What /proc/self/mountinfo shows for a tmpfs with the options. */
interface Expected {
  readonly options: readonly string[];
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

const SEEN: Partial<Record<ClauseId, Expected>> = {
  'option.async': { options: ['sync', 'async'], lacks: ['sync'] },
  'option.atime': { options: ['noatime', 'atime'], lacks: ['noatime'] },
  'option.defaults': { options: ['defaults'], has: ['rw'], lacks: ['nosuid', 'nodev', 'noexec'] },
  'option.dev': { options: ['nodev', 'dev'], lacks: ['nodev'] },
  'option.diratime': { options: ['nodiratime', 'diratime'], lacks: ['nodiratime'] },
  'option.dirsync': { options: ['dirsync'], has: ['dirsync'] },
  'option.exec': { options: ['noexec', 'exec'], lacks: ['noexec'] },
  // The kernel shows neither of these two: being accepted, and not taken for data of the file system, is all there is.
  'option.iversion': { options: ['iversion'], has: ['rw'] },
  'option.noiversion': { options: ['iversion', 'noiversion'], has: ['rw'] },
  'option.lazytime': { options: ['lazytime'], has: ['lazytime'] },
  'option.nolazytime': { options: ['lazytime', 'nolazytime'], lacks: ['lazytime'] },
  'option.loud': { options: ['silent', 'loud'], has: ['rw'] },
  'option.silent': { options: ['silent'], has: ['rw'] },
  'option.noatime': { options: ['noatime'], has: ['noatime'] },
  'option.nodev': { options: ['nodev'], has: ['nodev'] },
  'option.nodiratime': { options: ['nodiratime'], has: ['nodiratime'] },
  'option.noexec': { options: ['noexec'], has: ['noexec'] },
  'option.norelatime': { options: ['relatime', 'norelatime'], has: ['rw'] },
  'option.nostrictatime': { options: ['strictatime', 'nostrictatime'], has: ['relatime'] },
  'option.nosuid': { options: ['nosuid'], has: ['nosuid'] },
  'option.relatime': { options: ['relatime'], has: ['relatime'] },
  'option.ro': { options: ['ro'], has: ['ro'] },
  'option.rw': { options: ['ro', 'rw'], has: ['rw'] },
  'option.strictatime': { options: ['strictatime'], lacks: ['relatime', 'noatime'] },
  'option.suid': { options: ['nosuid', 'suid'], lacks: ['nosuid'] },
  'option.sync': { options: ['sync'], has: ['sync'] },
  'option.shared': { options: ['shared'], has: ['shared'] },
  'option.private': { options: ['private'], lacks: ['shared', 'master', 'unbindable'] },
  'option.unbindable': { options: ['unbindable'], has: ['unbindable'] },
};

/** Everything that mountinfo says of a mount, peer groups without their numbers. */
const words = ({ options, superOptions, propagation }: MountPoint): string[] => [
  ...options,
  ...superOptions.filter((option) => option !== 'rw'),
  ...propagation.map((group) => group.replace(/:.*/, '')),
];

describe('options of mounts', () => {
  const sandbox = useSharedSandbox();
  const cases = Object.entries(SEEN) as [ClauseId, Expected][];
  let mounts: MountPoint[];

  beforeAll(async () => {
    const { mountinfo } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo' },
      { mounts: cases.map(([id, { options }]) => tmpfs(`/mnt/${id}`, ...options)) },
    );
    mounts = parseMounts(mountinfo);
  });

  for (const [id, { has = [], lacks = [] }] of cases) {
    must(id, () => {
      const seen = words(mountOn(mounts, `/mnt/${id}`));
      for (const word of has) expect(seen).toContain(word);
      for (const word of lacks) expect(seen).not.toContain(word);
    });
  }
});

describe('mounts', () => {
  const sandbox = useSandbox();

  must(['option.bind', 'mounts.type-of-bind'], async () => {
    const source = join(sandbox().folder, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'from the host');
    const { text, mountinfo } = await observe(
      sandbox(),
      { text: 'cat /data/file', mountinfo: 'cat /proc/self/mountinfo' },
      {
        mounts: [
          { destination: '/data', source, type: 'nonsense', options: ['bind'] },
          // Without the mounts below it: /sys has some on every machine.
          { destination: '/mnt/sys', source: '/sys', options: ['bind', 'ro'] },
        ],
      },
    );
    expect(text).toBe('from the host');
    const below = parseMounts(mountinfo).filter(({ path }) => path.startsWith('/mnt/sys/'));
    expect(below).toEqual([]);
  });

  must('option.rbind', async () => {
    const { mountinfo } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo' },
      { mounts: [{ destination: '/mnt/sys', source: '/sys', options: ['rbind'] }] },
    );
    const below = parseMounts(mountinfo).filter(({ path }) => path.startsWith('/mnt/sys/'));
    expect(below).not.toEqual([]);
  });

  must('option.remount', async () => {
    const { mountinfo, text } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo', text: 'ls /mnt/here | wc -l' },
      { mounts: [tmpfs('/mnt/here', 'nodev'), tmpfs('/mnt/here', 'remount', 'ro', 'nosuid')] },
    );
    const found = parseMounts(mountinfo).filter(({ path }) => path === '/mnt/here');
    expect(found).toHaveLength(1);
    expect(found[0]?.options).toEqual(expect.arrayContaining(['ro', 'nosuid']));
    expect(text).toBe('0');
  });

  must(['option.rprivate', 'option.rshared', 'option.runbindable'], async () => {
    const kinds = ['rprivate', 'rshared', 'runbindable'];
    const { mountinfo } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo' },
      {
        mounts: kinds.map((kind) => ({
          destination: `/mnt/${kind}`,
          source: '/sys',
          options: ['rbind', kind],
        })),
      },
    );
    const groups = (kind: string): string[] => {
      const found = parseMounts(mountinfo).filter(({ path }) => path.startsWith(`/mnt/${kind}`));
      expect(found.length).toBeGreaterThan(1);
      return [...new Set(found.map((mount) => mount.propagation.join().replace(/:\d+/, '')))];
    };
    expect(groups('rprivate')).toEqual(['']);
    expect(groups('rshared')).toEqual(['shared']);
    expect(groups('runbindable')).toEqual(['unbindable']);
  });

  must(['option.slave', 'option.rslave'], async () => {
    const container = sandbox().container({
      args: ['cat', '/proc/self/mountinfo'],
      mounts: ['slave', 'rslave'].map((kind) => ({
        destination: `/mnt/${kind}`,
        source: '/sys',
        options: ['rbind', kind],
      })),
      linux: { rootfsPropagation: 'rslave' },
    });
    // Only a mount that the host shares can be followed: so the runtime runs where everything is shared.
    const ended = await runToEnd(
      ['--mount', '--propagation', 'shared', RUNTIME, '--root', sandbox().root].concat([
        'run',
        '--bundle',
        container.bundle,
        container.id,
      ]),
      join(sandbox().folder, 'io'),
      {},
      'unshare',
    );
    const mounts = parseMounts(succeed('run', ended).stdout);
    const group = (path: string): string | undefined =>
      mountOn(mounts, path).propagation.join().replace(/:\d+/, '');
    expect(group('/mnt/slave')).toBe('master');
    const below = mounts.find(({ path }) => path.startsWith('/mnt/rslave/'));
    expect([group('/mnt/rslave'), group(below?.path ?? '')]).toEqual(['master', 'master']);
  });

  must('option.idmap-without', async () => {
    const container = sandbox().container({
      mounts: [{ destination: '/data', source: '/etc', options: ['bind', 'idmap'] }],
    });
    expect((await container.tryCreate()).status).not.toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });

  must('mounts.order', async () => {
    const { mountinfo, file } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo', file: 'ls /mnt/a' },
      { mounts: [tmpfs('/mnt/a'), tmpfs('/mnt/a/b'), tmpfs('/mnt/z'), tmpfs('/mnt/c')] },
    );
    const paths = parseMounts(mountinfo).map(({ path }) => path);
    const listed = [
      '/proc',
      '/dev',
      '/dev/pts',
      '/dev/shm',
      '/mnt/a',
      '/mnt/a/b',
      '/mnt/z',
      '/mnt/c',
    ];
    expect(paths.filter((path) => listed.includes(path))).toEqual(listed);
    expect(file).toBe('b');
  });

  must('mounts.relative', async () => {
    const { mountinfo } = await observe(
      sandbox(),
      { mountinfo: 'cat /proc/self/mountinfo' },
      { mounts: [tmpfs('mnt/relative')] },
    );
    expect(mountOn(parseMounts(mountinfo), '/mnt/relative').type).toBe('tmpfs');
  });
});
