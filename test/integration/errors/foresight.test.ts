/** `plan` and `check`, by the binary, held against what then happens. */
import { expect, test } from 'vitest';
import { cgroupMounts } from '../../lib/cgroups.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { inMountNamespace, runBelow } from './support.ts';

const sandbox = useSandbox();

interface Checked {
  readonly ready: boolean;
  readonly findings: readonly { readonly verdict: string; readonly pointer?: string }[];
}

/** The pointers of what is missing. */
const missing = ({ findings }: Checked) =>
  findings.filter(({ verdict }) => verdict === 'missing').map(({ pointer }) => pointer);

test('check finds nothing missing for a container that then runs', async () => {
  const container = sandbox().container();
  const { status, stdout, stderr } = await sandbox().run(['check', '--bundle', container.bundle]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/\n\nnothing is missing\n$/);
  expect(status).toBe(0);
  expect((await container.run()).status).toBe(0);
});

test('check names what a container then fails for', async () => {
  const pids = cgroupMounts().find((folder) => folder.endsWith('/pids')) ?? '';
  const container = sandbox().container({
    mounts: [{ destination: '/data', type: 'bind', source: '/srv/no-such', options: ['bind'] }],
    linux: { resources: { pids: { limit: 10 } } },
    hooks: { createRuntime: [{ path: '/opt/no-such' }] },
  });
  const { bundle } = container;
  const below = inMountNamespace(
    `umount ${pids}; mount --bind ${bundle}/rootfs ${bundle}/rootfs; mount -o remount,bind,noexec ${bundle}/rootfs`,
  );
  const ended = await runBelow(sandbox(), below, ['check', '--json', '--bundle', bundle]);
  expect(ended.status).toBe(1);
  const checked = JSON.parse(ended.stdout) as Checked;
  expect(checked.ready).toBe(false);
  expect(missing(checked)).toEqual([
    '/linux/resources/pids/limit',
    '/root/path',
    '/mounts/4/source',
    '/hooks/createRuntime/0/path',
  ]);
  expect(sandbox().leftovers()).toEqual([]);
});

test('check by an ordinary user says that root is needed, and plan does without', async () => {
  const { bundle } = sandbox().container();
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
  const check = await runBelow(sandbox(), nobody, ['check', '--bundle', bundle]);
  expect(check.status).toBe(1);
  expect(check.stdout).toMatch(/^ {2}missing +user: uid 65534, .* – call create and run as root$/m);
  const plan = await runBelow(sandbox(), nobody, ['plan', '--bundle', bundle]);
  expect([plan.status, plan.stderr]).toEqual([0, '']);
  expect(plan.stdout).toMatch(/ pivotRoot /);
  expect(plan.stdout).toMatch(/\nwarning: planned as for root: /);
});

test('the plan of a bundle is the plan by which its container is made', async () => {
  const container = sandbox().container({
    args: ['sleep', '1000'],
    hooks: { startContainer: [{ path: '/bin/true' }] },
    linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW' }, maskedPaths: ['/proc/kcore'] },
  });
  const { bundle, id } = container;
  const before = await sandbox().run(['plan', '--bundle', bundle, '--id', id]);
  expect([before.status, before.stderr]).toEqual([0, '']);
  await container.create();
  const after = await sandbox().run(['plan', id]);
  expect(after.stdout).toBe(before.stdout);
  await container.delete('--force');
});
