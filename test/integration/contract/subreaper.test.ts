import { expect, test } from 'vitest';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

/** Leaves a process behind, says whose child it is now, and kills it. */
const ABANDON = [
  "orphan=$(sh -c 'sleep 1000 >/dev/null & echo $!')",
  'grep PPid /proc/$orphan/status',
  'kill -9 $orphan',
];
const WAIT_UNTIL_REAPED = ['while [ -e /proc/$orphan ]; do :; done', 'exit 7'];

const shell = (lines: readonly string[]) =>
  sandbox().container({ without: ['pid'], args: ['sh', '-c', lines.join('\n')] });

test('run becomes the parent of what a container without a pid namespace leaves behind, and reaps it', async () => {
  const run = shell([...ABANDON, ...WAIT_UNTIL_REAPED]).startRun();
  expect(await run.status).toBe(7);
  expect(await run.stdout.end).toBe(`PPid:\t${run.pid}\n`);
});

test('run --no-subreaper leaves that to whoever has started it', async () => {
  const run = shell(ABANDON).startRun(['--no-subreaper']);
  expect(await run.status).toBe(0);
  expect(await run.stdout.end).not.toBe(`PPid:\t${run.pid}\n`);
});
