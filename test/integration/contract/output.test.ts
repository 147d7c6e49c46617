import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** Unknown properties are logged and ignored. */
const SUSPICIOUS = { top: { unheardOf: 1 } };

test('a warning of create goes into the log and nowhere else, because standard error is the container’s', async () => {
  const log = join(sandbox().folder, 'log.json');
  const container = sandbox().container(SUSPICIOUS);
  const flags = ['--log', log, '--log-format', 'json'];
  const { status, stdout, stderr } = await sandbox().run([
    ...flags,
    'create',
    '--bundle',
    container.bundle,
    container.id,
  ]);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual({
    level: 'warning',
    msg: expect.stringContaining('unheardOf'),
    // Engines give up on a log whose time they cannot read (RFC 3339).
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
});

test('an error is in the log, and on standard error for those that do not read it', async () => {
  const log = join(sandbox().folder, 'log.json');
  const { status, stderr } = await sandbox().run([
    '--log',
    log,
    '--log-format',
    'json',
    'state',
    'x',
  ]);
  expect(status).toBe(1);
  expect(stderr).toBe('runts: container does not exist\n');
  expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({
    level: 'error',
    msg: 'container does not exist',
  });
});

test('a log in text has the shape that tools cut apart', async () => {
  const log = join(sandbox().folder, 'log');
  await sandbox().run(['--log', log, 'state', 'x']);
  expect(readFileSync(log, 'utf8')).toMatch(
    /^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level=error msg="container does not exist"\n$/,
  );
});

test('features and --version say nothing on standard error', async () => {
  const features = await sandbox().run(['features']);
  expect(features).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(features.stdout)).toMatchObject({
    ociVersionMin: expect.any(String),
    ociVersionMax: expect.any(String),
  });
  const version = await sandbox().run(['--version']);
  expect(version).toMatchObject({ status: 0, stderr: '' });
  expect(version.stdout).toMatch(/^runc version \S+\nrunts version \S+\ncommit: \S+\nspec: \S+\n/);
});
