import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { observe } from '../lib/observe.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

must('version.semver', async () => {
  for (const version of ['invalid', '1', '1.0', '', '01.0.0']) {
    const container = sandbox().container({ top: { ociVersion: version } });
    expect((await container.tryCreate()).status, version).not.toBe(0);
  }
  expect(sandbox().leftovers()).toEqual([]);
  for (const version of ['1.0.0', '1.0.2-dev', '1.2.1', '1.3.0']) {
    const container = sandbox().container({ top: { ociVersion: version } });
    expect((await container.run()).status, version).toBe(0);
  }
});

must('root.path', async () => {
  const relative = sandbox().container({ root: { path: 'elsewhere' }, args: ['echo', 'found'] });
  renameSync(relative.rootfs, join(relative.bundle, 'elsewhere'));
  expect(await relative.output()).toBe('found\n');

  const other = sandbox().container();
  const absolute = sandbox().container({ root: { path: other.rootfs }, args: ['echo', 'found'] });
  rmSync(absolute.rootfs, { recursive: true });
  expect(await absolute.output()).toBe('found\n');
});

must('root.directory', async () => {
  const missing = sandbox().container({ root: { path: 'nowhere' } });
  expect((await missing.tryCreate()).status).not.toBe(0);
  const file = sandbox().container();
  rmSync(file.rootfs, { recursive: true });
  writeFileSync(file.rootfs, '');
  expect((await file.tryCreate()).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
});

must('root.readonly', async () => {
  const questions = {
    write: 'touch /etc/new && echo written',
    tmpfs: 'touch /dev/shm/new && echo written',
  };
  const closed = await observe(sandbox(), questions, { root: { readonly: true } });
  expect(closed.write).toMatch(/Read-only file system/);
  expect(closed.tmpfs).toBe('written');
  const open = await observe(sandbox(), questions);
  expect(open.write).toBe('written');
});
