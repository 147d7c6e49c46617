import {
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { makeSeccompProfile } from '../../../bench/lib/seccomp-profile.ts';
import { SECCOMP_CACHE } from '../../../src/lifecycle/seccomp-cache.ts';
import { seccompKey } from '../../../src/lifecycle/seccomp-entry.ts';
import { keepFilter } from '../../../src/lifecycle/seccomp-keep.ts';
import { compileSeccomp } from '../../../src/seccomp/compile.ts';
import type { Seccomp } from '../../../src/spec/types.ts';
import type { Container } from '../../lib/container.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { shell, started } from '../exec/support.ts';

/* Compiled filters are kept in the root of all containers: whether they are used, and when they are not. */

const sandbox = useSandbox();

const refusingMkdir = (errnoRet: number): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet }],
});
const EPERM = 1;
const ENODATA = 61;

const LOOK = 'grep Seccomp: /proc/self/status; mkdir /tmp/new 2>&1; :';
const REFUSED = "Seccomp:\t2\nmkdir: can't create directory '/tmp/new': Operation not permitted";
const OTHER = "Seccomp:\t2\nmkdir: can't create directory '/tmp/new': No data available";

const looking = (seccomp: object): Container =>
  sandbox().container({ args: ['sh', '-c', LOOK], linux: { seccomp } });

const seen = async (seccomp: object): Promise<string> => (await looking(seccomp).output()).trim();

const cache = (): string => join(sandbox().root, SECCOMP_CACHE);
const entries = (): string[] => readdirSync(cache());
const onlyEntry = (): string => {
  expect(entries()).toHaveLength(1);
  return join(cache(), entries()[0] ?? '');
};

/** The key of the only entry, whose length is its third word. Here, without the binary, there is another addon. */
function onlyKey(): string {
  const content = readFileSync(onlyEntry());
  return content.toString('utf8', 20, 20 + content.readUInt32LE(8));
}

/** Puts a filter under the name and key of another profile: whoever has it has used the cache. */
function exchange(asked: Seccomp, given: Seccomp): void {
  const { root } = sandbox();
  const fail = (_level: string, message: string) => expect.fail(message);
  const [made = ''] = onlyKey().split('\n');
  const [, profile = ''] = seccompKey(asked, process.arch).split('\n');
  const key = `${made}\n${profile}`;
  const compiled = compileSeccomp(given, process.arch);
  keepFilter({ root, systemdCgroup: false, log: fail }, key, compiled);
}

test('a filter that is kept is used by the next create, and by exec', async () => {
  const profile = refusingMkdir(EPERM);
  const first = await started(sandbox(), { linux: { seccomp: profile } });
  expect(await shell(first, LOOK)).toBe(REFUSED);
  const { mtimeMs } = statSync(onlyEntry());
  expect(await seen(profile)).toBe(REFUSED);
  expect(statSync(onlyEntry()).mtimeMs).toBe(mtimeMs);

  exchange(profile, refusingMkdir(ENODATA));
  onlyEntry();
  expect(await seen(profile)).toBe(OTHER);
  expect(await shell(first, LOOK)).toBe(OTHER);
});

test('a profile that differs in one number has a filter of its own', async () => {
  expect(await seen(refusingMkdir(EPERM))).toBe(REFUSED);
  expect(await seen(refusingMkdir(ENODATA))).toBe(OTHER);
  expect(await seen(refusingMkdir(EPERM))).toBe(REFUSED);
  expect(entries()).toHaveLength(2);
});

test('an entry that is damaged, or that of another profile, gives no filter and is written anew', async () => {
  const profile = refusingMkdir(EPERM);
  await seen(profile);
  const entry = onlyEntry();
  const good = readFileSync(entry);
  exchange(refusingMkdir(ENODATA), refusingMkdir(ENODATA));
  const [other = ''] = entries().filter((name) => !entry.endsWith(name));
  const spoilt = [readFileSync(join(cache(), other)), good.subarray(0, -1), Buffer.from('rubbish')];
  for (const bytes of spoilt) {
    writeFileSync(entry, bytes);
    expect(await seen(profile)).toBe(REFUSED);
    expect(readFileSync(entry)).toEqual(good);
  }
});

test('a directory that is not ours alone is left alone, and the container runs', async () => {
  const { root, folder } = sandbox();
  await looking(refusingMkdir(EPERM)).output();
  const elsewhere = join(folder, 'elsewhere');
  renameSync(cache(), elsewhere);
  symlinkSync(elsewhere, cache());
  const before = statSync(elsewhere).mtimeMs;
  const container = looking(refusingMkdir(ENODATA));
  const { stdout, stderr } = await sandbox().run([
    ...['--debug', 'run', '--bundle', container.bundle, container.id],
  ]);
  expect(stdout.trim()).toBe(OTHER);
  expect(stderr).toMatch(/debug.*no seccomp filter is reused: .*ENOTDIR/);
  expect(stderr).toMatch(/debug.*the seccomp filter is not kept: .*ENOTDIR/);
  expect(statSync(elsewhere).mtimeMs).toBe(before);
  expect(readdirSync(root)).toEqual([SECCOMP_CACHE]);
});

test('warnings about a profile are told each time', async () => {
  const profile: Seccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdir', 'from_the_future'], action: 'SCMP_ACT_ERRNO' }],
  };
  const warnings: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    const { status, stderr } = await looking(profile).run();
    expect(status).toBe(0);
    warnings.push(stderr);
  }
  onlyEntry();
  expect(warnings[0]).toMatch(/warning.*does not know.*from_the_future/);
  expect(warnings[1]).toBe(warnings[0]);
});

test('many at once have their filters, and leave one entry for each profile', async () => {
  const profiles = [makeSeccompProfile(), refusingMkdir(ENODATA)];
  const outputs = await Promise.all(
    Array.from({ length: 8 }, (_, index) => seen(profiles[index % 2] ?? {})),
  );
  for (const [index, output] of outputs.entries()) {
    expect(output).toBe(index % 2 === 0 ? 'Seccomp:\t2' : OTHER);
  }
  // Who meets another writer leaves the keeping to the next one.
  for (const profile of profiles) await seen(profile);
  expect(entries()).toHaveLength(2);
});

test('the directory stays when the last container is deleted, and is none to list', async () => {
  const container = looking(refusingMkdir(EPERM));
  await container.create();
  expect(readdirSync(sandbox().root).toSorted()).toEqual([SECCOMP_CACHE, container.id].toSorted());
  await container.delete('--force');
  expect(readdirSync(sandbox().root)).toEqual([SECCOMP_CACHE]);
  expect((await sandbox().run(['list', '--quiet'])).stdout).toBe('');
  const { status, stderr } = await sandbox().run(['delete', '--force', SECCOMP_CACHE]);
  expect(status).toBe(1);
  expect(stderr).toContain('invalid container ID format');
});

test('without a profile nothing is made', async () => {
  await sandbox().container().output();
  expect(readdirSync(sandbox().root)).toEqual([]);
});
