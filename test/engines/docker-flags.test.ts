import { expect, test } from 'vitest';
import { DOCKER } from './support/docker.ts';
import { useEngine } from './support/engine.ts';

const stage = useEngine(DOCKER);

const RUN = 'docker run --network none';

test('docker run works on a bridge, and a second container in the network of the first', async () => {
  await stage().output('docker run -d --name net busybox sleep 1000');
  const ask = 'ip -o -4 addr show eth0 | grep -o "inet [0-9.]*"';
  const first = await stage().output(`docker exec net sh -c '${ask}'`);
  expect(first).toMatch(/^inet 172\./);
  const second = await stage().output(
    `docker run --rm --network container:net busybox sh -c '${ask}'`,
  );
  expect(second).toBe(first);
  await stage().output('docker rm --force net');
});

test('the namespaces of the host, where they are asked for', async () => {
  const names = ['pid', 'ipc', 'uts', 'cgroup', 'net'];
  const ask = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
  const host = await stage().output(ask);
  const flags = '--pid host --ipc host --uts host --cgroupns host --network host';
  expect(await stage().output(`docker run --rm ${flags} busybox sh -c '${ask}'`)).toBe(host);
});

test('devices, limits, kernel parameters, groups, shared memory and names arrive', async () => {
  const flags = [
    '--device /dev/null:/dev/nothing:r',
    '--ulimit nofile=100:200',
    '--sysctl net.ipv4.ip_forward=1',
    '--group-add 1001',
    '--shm-size 1m',
    '--hostname named',
    '--user 1000:1000',
    '--env A=b',
    '--workdir /tmp',
    '--cgroupns private',
  ];
  const questions = [
    'cat /dev/nothing',
    'ulimit -n; ulimit -Hn',
    'cat /proc/sys/net/ipv4/ip_forward',
    'id -G',
    "df -k /dev/shm | tail -1 | awk '{ print $2 }'",
    'hostname; pwd; echo $A',
    'grep -c ":/$" /proc/self/cgroup',
  ];
  const script = `${RUN} --rm ${flags.join(' ')} busybox sh -c '${questions.join('; ').replaceAll("'", "'\\''")}'`;
  const lines = (await stage().output(script)).trim().split('\n');
  expect(lines.slice(0, -1)).toEqual([
    '100',
    '200',
    '1',
    '1000 1001',
    '1024',
    'named',
    '/tmp',
    'b',
  ]);
  expect(Number(lines.at(-1))).toBeGreaterThan(0);
});

test('volumes are mounted as they are asked for', async () => {
  const folder = `${stage().folder}/volume`;
  stage().write(`${folder}/file`, 'from outside\n');
  const mounts = `-v ${folder}:/data:ro -v named:/named --mount type=tmpfs,destination=/mem,tmpfs-size=1m`;
  const script =
    'cat /data/file; touch /data/x 2>&1; touch /named/y && ls /named; df -k /mem | tail -1';
  const printed = await stage().output(`${RUN} --rm ${mounts} busybox sh -c '${script}'`);
  expect(printed).toMatch(
    /^from outside\ntouch: \/data\/x: Read-only file system\ny\ntmpfs +1024 .* \/mem\n$/,
  );
  await stage().output('docker volume rm named');
});

test('a container that takes more memory than it may is told to have been killed for that', async () => {
  const greedy = `${RUN} --name greedy --memory 16m --memory-swap 16m busybox dd if=/dev/zero of=/dev/null bs=100M count=1`;
  expect((await stage().run(greedy)).status).toBe(137);
  // containerd tells of the end and of its reason by two events.
  await stage().output(
    "until docker inspect --format '{{.State.OOMKilled}}' greedy | grep -q true; do :; done",
  );
  await stage().output('docker rm greedy');
});
