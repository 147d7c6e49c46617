import process from 'node:process';
import { expect, test, vi } from 'vitest';
import type { Context } from '../../../src/lifecycle/options.ts';
import { seccompKey } from '../../../src/lifecycle/seccomp-entry.ts';
import { keepFilter } from '../../../src/lifecycle/seccomp-keep.ts';
import { compileProfile } from '../../../src/lifecycle/seccomp-profile.ts';
import type { Seccomp, Spec } from '../../../src/spec/types.ts';
import { temporaryDirectory } from './temporary.ts';

const compiler = vi.hoisted(() => ({ loaded: 0 }));
vi.mock('../../../src/seccomp/compile.ts', (original) => {
  compiler.loaded += 1;
  return original();
});

const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW' };
const specWith = (seccomp: Seccomp): Spec => ({
  ociVersion: '1.0.0',
  root: { path: 'rootfs' },
  linux: { seccomp },
});

function newContext() {
  const lines: string[] = [];
  const log: Context['log'] = (level, message) => void lines.push(`${level}: ${message}`);
  const context: Context = { root: temporaryDirectory(), systemdCgroup: false, log };
  return { context, lines };
}

test('compileProfile loads no compiler for a filter that is kept, and repeats its warnings', async () => {
  const { context, lines } = newContext();
  const kept = { filter: new Uint8Array(8).fill(1), flags: 4, notify: false };
  keepFilter(context, seccompKey(profile, process.arch), { ...kept, warnings: ['left out: x'] });
  expect(await compileProfile(specWith(profile), context, 'warning')).toMatchObject({
    ...kept,
  });
  expect(lines).toEqual(['warning: left out: x']);
  expect(compiler.loaded).toBe(0);

  const other: Seccomp = { ...profile, defaultAction: 'SCMP_ACT_LOG' };
  const compiled = await compileProfile(specWith(other), context, 'warning');
  expect(compiler.loaded).toBe(1);
  expect(compiled?.filter.length).toBeGreaterThan(8);
});

test('compileProfile keeps nothing of a profile that cannot be compiled, and fails each time', async () => {
  const { context, lines } = newContext();
  const wrong = specWith({ ...profile, defaultErrnoRet: 1 });
  for (let time = 0; time < 2; time += 1) {
    const failure = { pointer: '/linux/seccomp/defaultErrnoRet' };
    await expect(compileProfile(wrong, context, 'warning')).rejects.toMatchObject(failure);
  }
  expect(lines).toEqual([]);
});
