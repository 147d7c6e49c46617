import { expect, test } from 'vitest';
import { testHowTo, useEngine, writeConfiguration } from './support/engine.ts';

const stage = useEngine({
  programs: ['dockerd', 'docker', 'containerd'],
  async prepare(stage, archive) {
    writeConfiguration('docker', stage);
    // By itself dockerd starts one of its own, and waits long for its end.
    stage.startDaemon('containerd', 'containerd');
    await stage.accepts('containerd', '/run/containerd/containerd.sock');
    stage.startDaemon(
      'dockerd',
      'dockerd --containerd /run/containerd/containerd.sock --bridge none --iptables=false --ip6tables=false',
    );
    await stage.accepts('dockerd', '/run/docker.sock');
    await stage.output(`docker load --quiet --input ${archive}`);
  },
});

const RUN = 'docker run --network none';

testHowTo('docker', stage);

test('docker run -it has a terminal from end to end', async () => {
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

test('docker run -i passes standard streams untouched', async () => {
  const { status, stdout, stderr } = await stage().run(
    `printf 'a\\0b\\n' | ${RUN} --rm -i busybox sh -c 'cat; echo error >&2; exit 7'`,
  );
  expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: 'a\0b\n', stderr: 'error\n' });
});

const FAILURES = [
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
    text: 'no such file or directory',
  },
  {
    what: 'a file that is no program',
    command: 'busybox /etc/passwd',
    status: 126,
    text: 'permission denied',
  },
  { what: 'a folder', command: 'busybox /etc', status: 126, text: 'is a directory' },
  {
    what: 'a file of no format',
    command: 'busybox no-program',
    status: 125,
    text: 'exec format error',
  },
  {
    what: 'a folder mounted on a file',
    command: '-v /no/such:/etc/passwd busybox true',
    status: 125,
    text: 'Are you trying to mount a directory onto a file',
  },
];

test.for(FAILURES)('docker run of $what ends with $status', async ({ command, status, text }) => {
  const before = stage().leftovers();
  const ended = await stage().run(`${RUN} --rm ${command}`);
  expect(ended.stderr).toContain(text);
  expect(ended.status).toBe(status);
  expect(stage().leftovers()).toEqual(before);
});

test('docker exec -it has a terminal from end to end', async () => {
  await stage().output(`${RUN} -d --name room busybox sleep 1000`);
  const run = stage().startOnTerminal(
    `docker exec -it room sh -c 'tty; until stty size 2>&1 | grep "20 50"; do :; done; read line; echo "got $line"; exit 4'`,
  );
  await run.stdout.until(/20 50/);
  run.stdin.write('hello\n');
  const output = await run.stdout.end;
  expect(output).toContain('got hello');
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({ status: 4, same: true });
  await stage().output('docker rm --force room');
});

test('a container that takes more memory than it may is told to have been killed for that', async () => {
  const greedy = `${RUN} --name greedy --memory 16m --memory-swap 16m busybox dd if=/dev/zero of=/dev/null bs=100M count=1`;
  expect((await stage().run(greedy)).status).toBe(137);
  expect(await stage().output("docker inspect --format '{{.State.OOMKilled}}' greedy")).toBe(
    'true\n',
  );
  await stage().output('docker rm greedy');
});

test('docker info shows the version of the runtime', async () => {
  expect(await stage().output("docker info --format '{{.RuncCommit.ID}}'")).toMatch(/^\S+\n$/);
});

test('docker kill ends a container that has just been made, in whatever state it is', async () => {
  const before = stage().leftovers();
  await stage().output(
    `${RUN} -d --name early busybox sleep 1000; docker kill early; docker rm early`,
  );
  expect(stage().leftovers()).toEqual(before);
});

test('dockerd started anew finds its containers, where they outlive it', async () => {
  stage().write(
    '/etc/docker/daemon.json',
    '{ "live-restore": true, "runtimes": { "runts": { "path": "/usr/local/bin/runts" } }, "default-runtime": "runts" }',
  );
  await stage().restart('dockerd');
  await stage().accepts('dockerd', '/run/docker.sock');
  await stage().output(`${RUN} -d --name survivor busybox sleep 1000`);
  await stage().restart('dockerd');
  await stage().accepts('dockerd', '/run/docker.sock');
  expect(await stage().output("docker inspect --format '{{.State.Status}}' survivor")).toBe(
    'running\n',
  );
  await stage().output('docker stop --time 0 survivor; docker rm survivor');
});
