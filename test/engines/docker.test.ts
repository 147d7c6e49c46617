import { expect, test } from 'vitest';
import { DOCKER } from './support/docker.ts';
import { testHowTo, useEngine } from './support/engine.ts';

const stage = useEngine(DOCKER);

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

test('docker restart and docker cp', async () => {
  await stage().output(`${RUN} -d --name again busybox sh -c 'echo up >> /log; exec sleep 1000'`);
  await stage().output('docker restart --time 0 again');
  await stage().output('until docker exec again grep -c up /log | grep 2; do :; done');
  await stage().output(`docker cp again:/log ${stage().folder}/log; docker rm --force again`);
  expect(await stage().output(`cat ${stage().folder}/log`)).toBe('up\nup\n');
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

test('dockerd with user namespaces for all of its containers', async () => {
  stage().write('/etc/subuid', 'nobody:300000:65536\n');
  stage().write('/etc/subgid', 'nobody:300000:65536\n');
  stage().write(
    '/etc/docker/daemon.json',
    JSON.stringify({
      'userns-remap': 'nobody:nogroup',
      runtimes: { runts: { path: '/usr/local/bin/runts' } },
      'default-runtime': 'runts',
    }),
  );
  await stage().restart('dockerd');
  await stage().accepts('dockerd', '/run/docker.sock');
  await stage().output(`docker load --quiet --input ${stage().folder}/image.tar`);
  const ask = "id -u; awk '{ print $1, $2, $3 }' /proc/self/uid_map; touch /x && stat -c %u /x";
  const script = `docker run --rm busybox sh -c "${ask.replaceAll('$', '\\$')}"`;
  expect(await stage().output(script)).toBe('0\n0 300000 65536\n0\n');
});
