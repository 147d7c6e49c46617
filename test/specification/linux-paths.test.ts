import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { succeed } from '../lib/container.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

const SCRIPT = `
cat /etc/secret; ls -A /etc/secrets; cat /proc/self/mounts > /dev/null && echo proc
echo x > /etc/secret; touch /etc/secrets/new
`;

must('masked.absolute', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', `{ ${SCRIPT} } 2>/dev/null; :`],
    linux: { maskedPaths: ['/etc/secret', '/etc/secrets', '/proc/kcore', '/no/such/path'] },
  });
  writeFileSync(join(container.rootfs, 'etc/secret'), 'secret');
  mkdirSync(join(container.rootfs, 'etc/secrets'));
  writeFileSync(join(container.rootfs, 'etc/secrets/one'), 'secret');
  const { stdout } = succeed('run', await container.run());
  expect(stdout).toBe('proc\n');
  expect(container.read('etc/secret')).toBe('secret');
  await refuseRelative('maskedPaths');
});

must('readonly.absolute', async () => {
  const container = sandbox().container({
    args: ['sh', '-c', `{ ${SCRIPT} } 2>/dev/null; echo > /proc/sys/kernel/hostname || :`],
    linux: { readonlyPaths: ['/etc/secret', '/etc/secrets', '/proc/sys', '/no/such/path'] },
  });
  writeFileSync(join(container.rootfs, 'etc/secret'), 'readable\n');
  mkdirSync(join(container.rootfs, 'etc/secrets'));
  const { stdout, stderr } = succeed('run', await container.run());
  expect(stdout).toBe('readable\nproc\n');
  expect(stderr).toMatch(/Read-only file system/);
  expect(container.read('etc/secret')).toBe('readable\n');
  await refuseRelative('readonlyPaths');
});

async function refuseRelative(property: string): Promise<void> {
  const container = sandbox().container({ linux: { [property]: ['etc/secret'] } });
  expect((await container.tryCreate()).status).not.toBe(0);
  expect(sandbox().leftovers()).toEqual([]);
}

must('create.applies', async () => {
  const container = sandbox().container({
    args: [
      'sh',
      '-c',
      'hostname; cat /proc/sys/kernel/domainname /proc/sys/net/ipv4/ip_forward; grep "^[^ ]* [^ ]* [^ ]* [^ ]* / " /proc/self/mountinfo',
    ],
    root: { readonly: true },
    top: { domainname: 'example.test' },
    linux: { sysctl: { 'net.ipv4.ip_forward': '1' }, rootfsPropagation: 'shared' },
  });
  const lines = (await container.output()).trim().split('\n');
  expect(lines.slice(0, 3)).toEqual(['contained', 'example.test', '1']);
  expect(lines.at(-1)).toMatch(/ shared:\d+ - /);
  expect(lines.at(-1)).toMatch(/ ro[, ]/);
});
