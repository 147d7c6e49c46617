/** The lifecycle as a long-lived program uses it: several containers in one process. */
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { makeContainer } from '../../../src/lifecycle/create.ts';
import { deleteContainer } from '../../../src/lifecycle/delete.ts';
import { killContainer } from '../../../src/lifecycle/kill.ts';
import type { Context } from '../../../src/lifecycle/options.ts';
import { runContainer } from '../../../src/lifecycle/run.ts';
import { startContainer } from '../../../src/lifecycle/start.ts';
import { noteSignals } from '../../../src/syscalls/signals.ts';
import { receiveMessageAsync, socketpair } from '../../../src/syscalls/socket.ts';
import { waitExitAsync } from '../../../src/syscalls/wait.ts';
import { needsHierarchy } from '../../lib/needs.ts';
import { statusField } from '../../lib/processes.ts';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

const { SIGKILL } = constants.signals;
const REAL_TIME = 40;
/** Signals that Node.js and the test runner need for themselves. */
const KEPT = [4, 5, 6, 7, 8, 10, 11, 13, 17, 27, 30, 31];

/** What a program writes at once. */
async function line(socket: number): Promise<string> {
  const message = await receiveMessageAsync(socket, 100, 0);
  return Buffer.from(message?.data ?? []).toString();
}

async function runOnce(context: Context, nothing: number): Promise<void> {
  const { id, bundle } = sandbox().container();
  const options = { id, bundle, noPivot: false, noNewKeyring: false, preserveFds: 0 };
  const { init, held } = await makeContainer(context, {
    ...options,
    stdio: [nothing, nothing, nothing],
  });
  held.release();
  await startContainer(context, { id });
  await waitExitAsync(init.pidfd);
  closeSync(init.pidfd);
  await deleteContainer(context, { id, force: false });
}

test('containers leave no descriptor open in the process that made them', async () => {
  const context: Context = { root: sandbox().root, systemdCgroup: false, log: () => undefined };
  const nothing = openSync('/dev/null', 'r+');
  // The first one opens what Node.js keeps.
  await runOnce(context, nothing);
  const before = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 3; round++) await runOnce(context, nothing);
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  closeSync(nothing);
});

test('two containers run in the foreground at once, both get a signal, and nothing is left', async () => {
  const context: Context = { root: sandbox().root, systemdCgroup: false, log: () => undefined };
  const nothing = openSync('/dev/null', 'r+');
  const start = async () => {
    const { id, bundle } = sandbox().staticContainer('signals');
    const [ours, theirs] = socketpair();
    const ended = runContainer(
      context,
      {
        ...{ id, bundle, noPivot: false, noNewKeyring: false, preserveFds: 0 },
        ...{ detach: false, keep: false, noSubreaper: true },
      },
      { input: nothing, output: theirs, error: theirs, signals: { open: () => noteSignals(KEPT) } },
    );
    expect(await line(ours)).toBe('ready\n');
    return { id, ended, ours, theirs };
  };
  const runBoth = async () => {
    const runs = await Promise.all([start(), start()]);
    process.kill(process.pid, REAL_TIME);
    for (const { id, ended, ours, theirs } of runs) {
      expect(await line(ours)).toBe(`${REAL_TIME}\n`);
      await killContainer(context, { id, signal: SIGKILL, all: false });
      expect(await ended).toBe(128 + SIGKILL);
      closeSync(ours);
      closeSync(theirs);
    }
  };
  await runBoth();
  const state = () => ({
    open: readdirSync('/proc/self/fd').length,
    caught: statusField(process.pid, 'SigCgt'),
  });
  const before = state();
  await runBoth();
  expect(state()).toEqual(before);
  closeSync(nothing);
});

test('a cgroup below a frozen one is refused, and nothing is left', async (context) => {
  needsHierarchy(context, 'freezer');
  const container = sandbox().container();
  const parent = `/sys/fs/cgroup/freezer${sandbox().cgroup}`;
  mkdirSync(parent);
  writeFileSync(`${parent}/freezer.state`, 'FROZEN');
  const { status, stderr } = await container.tryCreate();
  writeFileSync(`${parent}/freezer.state`, 'THAWED');
  rmdirSync(parent);
  expect(status).toBe(1);
  expect(stderr).toContain("container's cgroup unexpectedly frozen: a cgroup above it is");
  expect(sandbox().leftovers()).toEqual([]);
});
