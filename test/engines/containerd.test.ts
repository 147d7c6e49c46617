import { expect, test } from 'vitest';
import { testHowTo, useEngine, writeConfiguration } from './support/engine.ts';
import { IMAGE } from './support/image.ts';

const stage = useEngine({
  programs: ['containerd', 'ctr'],
  async prepare(stage, archive) {
    writeConfiguration('containerd', stage);
    stage.startDaemon('containerd', 'containerd');
    await stage.accepts('containerd', '/run/containerd/containerd.sock');
    await stage.output(`ctr image import ${archive}`);
  },
});

const RUN = `ctr run --runc-binary /usr/local/bin/runts`;

testHowTo('containerd', stage);

test('ctr run gives the exit code of the program', async () => {
  const { status } = await stage().run(`${RUN} --rm ${IMAGE} code sh -c 'exit 3'`);
  expect(status).toBe(3);
});

test('ctr run passes both outputs untouched', async () => {
  const { status, stdout, stderr } = await stage().run(
    `${RUN} --rm ${IMAGE} streams sh -c 'printf "a\\0b\\n"; echo error >&2'`,
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'a\0b\n', stderr: 'error\n' });
});

test('ctr run shows the error of the runtime, taken from its log, and leaves nothing', async () => {
  const { status, stderr } = await stage().run(`${RUN} --rm ${IMAGE} missing no-such-program`);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'OCI runtime create failed: runts create failed: config.json /process/args/0: exec: "no-such-program": executable file not found in $PATH',
  );
});

test('a failure of start, after create has succeeded, is shown and leaves nothing', async () => {
  const before = stage().leftovers();
  const { status, stderr } = await stage().run(`${RUN} --rm ${IMAGE} late no-program`);
  expect(status).toBe(1);
  expect(stderr).toMatch(/OCI runtime start failed: .*exec format error/);
  expect(stage().leftovers()).toEqual(before);
});

test('ctr run -t gives the program a terminal of the size of its own', async () => {
  const run = stage().startOnTerminal(
    `${RUN} --rm -t ${IMAGE} terminal sh -c 'tty; until stty size 2>&1 | grep "20 50"; do :; done'`,
  );
  expect(await run.stdout.end).toMatch(/^\/dev\/pts\/0\r+\n20 50\r/);
});

test('ctr task exec -t has a terminal, and its code is that of the program', async () => {
  await stage().output(`${RUN} -d ${IMAGE} room sleep 1000`);
  const run = stage().startOnTerminal(
    `ctr task exec -t --exec-id inside room sh -c 'tty; read line; echo "got $line"; exit 4'`,
  );
  await run.stdout.until(/pts/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('got hello');
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({ status: 4, same: true });
  await stage().output('ctr task delete --force room || [ $? = 137 ]; ctr container delete room');
});

test('containerd started anew finds the containers that it had, and can end them', async () => {
  await stage().output(`${RUN} -d ${IMAGE} survivor sleep 1000`);
  await stage().restart('containerd');
  await stage().accepts('containerd', '/run/containerd/containerd.sock');
  expect(await stage().output('ctr task ls')).toMatch(/survivor +\d+ +RUNNING/);
  await stage().output(
    'ctr task delete --force survivor || [ $? = 137 ]; ctr container delete survivor',
  );
});

test('a container whose shim was killed can be deleted', async () => {
  await stage().output(`${RUN} -d ${IMAGE} orphan sleep 1000`);
  await stage().output('kill -KILL $(pgrep -f "[c]ontainerd-shim-runc-v2 .*-id orphan ")');
  // A task whose shim is gone is no longer listed while containerd has its runtime clean up.
  await stage().output(
    'until ! ctr task ls | grep -q orphan && [ ! -e /run/containerd/runc/default/orphan ]; do :; done; ctr container delete orphan',
  );
});

test('the first line of --version is what containerd looks for', async () => {
  expect(await stage().output('runts --version')).toMatch(/^runc version \S+\n/);
});
