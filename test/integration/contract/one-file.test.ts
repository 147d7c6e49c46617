/** The binary is one static program, hardened, that needs nothing but itself. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { find } from '../../../scripts/lib/debian.mjs';
import {
  DF_BIND_NOW,
  DT_FLAGS,
  DT_NEEDED,
  ET_DYN,
  PF_W,
  PF_X,
  PT_GNU_RELRO,
  PT_GNU_STACK,
  PT_INTERP,
  PT_LOAD,
  readElf,
} from '../../lib/elf.ts';
import { RUNTIME, runToEnd } from '../../lib/runtime.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

test('no dynamic loader is asked for, and no library', () => {
  const { segments, dynamic } = readElf(RUNTIME);
  expect(segments.filter(({ type }) => type === PT_INTERP)).toEqual([]);
  expect(dynamic.filter(([tag]) => tag === DT_NEEDED)).toEqual([]);
});

test('it is loaded at any address, with relocations done before it runs and read-only then', () => {
  const { type, segments, dynamic } = readElf(RUNTIME);
  expect(type).toBe(ET_DYN);
  expect(segments.filter((segment) => segment.type === PT_GNU_RELRO)).toHaveLength(1);
  const [, flags = 0n] = dynamic.find(([tag]) => tag === DT_FLAGS) ?? [];
  expect(flags & DF_BIND_NOW).toBe(DF_BIND_NOW);
});

test('its stack is not executable, and nothing is both writable and executable', () => {
  const { segments } = readElf(RUNTIME);
  const stacks = segments.filter(({ type }) => type === PT_GNU_STACK);
  expect(stacks.map(({ flags }) => flags & PF_X)).toEqual([0]);
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  expect(loaded.some(({ flags }) => (flags & PF_X) !== 0)).toBe(true);
  expect(loaded.filter(({ flags }) => (flags & PF_X) !== 0 && (flags & PF_W) !== 0)).toEqual([]);
});

test.each([['--version'], ['--help'], ['run --help'], ['features']])(
  '%s works where there is no other file, without environment, and leaves none',
  async (args) => {
    const root = join(sandbox().folder, 'root');
    mkdirSync(root);
    copyFileSync(RUNTIME, join(root, 'runts'));
    // An empty environment: what starts it has ours.
    const command = ['-i', find('chroot') ?? 'chroot', root, '/runts', ...args.split(' ')];
    const run = await runToEnd(command, join(sandbox().folder, 'io'), {}, 'env');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).not.toBe('');
    expect(readdirSync(root)).toEqual(['runts']);
  },
);

test('while a container runs, the memory is mapped from the binary and from no other file', async () => {
  const container = sandbox().staticContainer('signals');
  const run = container.startRun();
  await run.stdout.until(/ready/);
  const maps = readFileSync(`/proc/${run.pid}/maps`, 'utf8').trimEnd().split('\n');
  await container.kill('KILL');
  await run.status;
  // proc_pid_maps(5): address, permissions, offset, device, inode, path
  const mapped = maps.map((line) => line.split(/\s+/));
  const files = mapped.filter(([, , , , inode]) => inode !== '0').map((fields) => fields[5]);
  expect([...new Set(files)]).toEqual([realpathSync(RUNTIME)]);
  expect(mapped.filter(([, permissions]) => /^.wx/.test(permissions ?? ''))).toEqual([]);
  // The snapshot, which has not been copied (kRegionAddress of interpreter/snapshot.h).
  const snapshot = mapped.find(([addresses]) => addresses?.startsWith('1000000000-'));
  expect(snapshot?.[5]).toBe(realpathSync(RUNTIME));
});
