import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compile } from '../lib/rootfs.ts';
import { testHowTo, useEngine } from './support/engine.ts';
import { PODMAN } from './support/podman.ts';

const stage = useEngine(PODMAN);

const RUN = 'podman run --network none';
const RECEIVER = fileURLToPath(new URL('../lib/programs/receive-notify.py', import.meta.url));

testHowTo('podman', stage);

test('podman run -it has a terminal from end to end', async () => {
  const run = stage().startOnTerminal(
    `${RUN} --rm -it busybox sh -c 'tty; until stty size 2>&1 | grep "20 50"; do :; done; read line; echo "got $line"; exit 4'`,
  );
  await run.stdout.until(/20 50/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('/dev/pts/0');
  expect(output).toContain('got hello');
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({ status: 4, same: true });
});

test('podman run -i passes standard streams untouched', async () => {
  const { status, stdout, stderr } = await stage().run(
    `printf 'a\\0b\\n' | ${RUN} --rm -i busybox sh -c 'cat; echo error >&2; exit 7'`,
  );
  expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: 'a\0b\n', stderr: 'error\n' });
});

const FAILURES = [
  {
    // With warnings before it, the log of the runtime is no JSON for Podman, which then reads standard error.
    what: 'a program that is not there, with all privileges',
    command: '--privileged busybox no-such-program',
    status: 127,
    text: 'executable file not found in $PATH',
  },
  {
    what: 'a program that is not there',
    command: 'busybox no-such-program',
    status: 127,
    text: 'executable file not found in $PATH',
  },
  {
    what: 'a path that is not there',
    command: 'busybox /no/such/program',
    status: 127,
    text: 'OCI runtime attempted to invoke a command that was not found',
  },
  {
    what: 'a file that is no program',
    command: 'busybox /etc/passwd',
    status: 126,
    text: 'OCI permission denied',
  },
  {
    what: 'a file of no format',
    command: 'busybox no-program',
    status: 126,
    text: 'exec format error',
  },
];

test.for(FAILURES)('podman run of $what ends with $status', async ({ command, status, text }) => {
  const ended = await stage().run(`${RUN} --rm ${command}`);
  expect(ended.status).toBe(status);
  expect(ended.stderr).toContain(text);
});

test('a container that was made and never started can be removed', async () => {
  const before = stage().leftovers();
  await stage().output('podman create --name made --network none busybox sleep 1000');
  await stage().output('podman init made; podman rm made');
  expect(stage().leftovers()).toEqual(before);
});

test('podman exec -it has a terminal from end to end', async () => {
  await stage().output('podman run -d --name room --network none busybox sleep 1000');
  const run = stage().startOnTerminal(
    `podman exec -it room sh -c 'tty; until stty size 2>&1 | grep "20 50"; do :; done; read line; echo "got $line"; exit 4'`,
  );
  await run.stdout.until(/20 50/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('got hello');
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({ status: 4, same: true });
  await stage().output('podman rm --force --time 0 room');
});

test('the readiness of a program reaches the service manager', async () => {
  const socket = `${stage().folder}/notify`;
  const receiver = stage().start(`exec python3 ${RECEIVER} ${socket}`);
  await receiver.stdout.until(/listening/);
  stage().write(`${stage().folder}/program`, readFileSync(compile('notify')));
  await stage().output(
    `chmod +x ${stage().folder}/program
    NOTIFY_SOCKET=${socket} podman run -d --name ready --network none --sdnotify container \
      -v ${stage().folder}/program:/program busybox /program READY=1`,
  );
  await receiver.stdout.until(/"READY=1/);
  await stage().output('podman rm --force --time 0 ready');
  receiver.signal('SIGTERM');
});

test('podman run works on a bridge of its own', async () => {
  expect(await stage().output('podman run --rm busybox ip -o addr show eth0')).toMatch(/inet 10\./);
});

test('descriptors of --preserve-fds arrive', async () => {
  const printed = await stage().output(
    `${RUN} --rm --preserve-fds 1 busybox sh -c 'cat <&3' 3<<END\npassed on\nEND`,
  );
  expect(printed).toBe('passed on\n');
});
