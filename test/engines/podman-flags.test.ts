import { expect, test } from 'vitest';
import { useEngine } from './support/engine.ts';
import { PODMAN } from './support/podman.ts';

const stage = useEngine(PODMAN);

const RUN = 'podman run --rm --network none';

test('the namespaces of the host, where they are asked for', async () => {
  const names = ['pid', 'ipc', 'uts', 'cgroup', 'net'];
  const ask = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
  const host = await stage().output(ask);
  const flags = '--pid host --ipc host --uts host --cgroupns host --network host';
  expect(await stage().output(`podman run --rm ${flags} busybox sh -c '${ask}'`)).toBe(host);
});

test('devices, limits, kernel parameters, groups, shared memory and names arrive', async () => {
  const flags = [
    '--device /dev/null:/dev/nothing:r',
    // Podman sets both, and more than root may without CAP_SYS_RESOURCE.
    '--ulimit nofile=100:200 --ulimit nproc=1000:1000',
    '--sysctl net.ipv4.ip_forward=1',
    '--group-add 1001',
    '--shm-size 1m',
    '--hostname named',
    '--user 1000:1000',
    '--env A=b',
    '--workdir /tmp',
    '--umask 0027',
  ];
  const questions = [
    'cat /dev/nothing',
    'ulimit -n; ulimit -Hn',
    'cat /proc/sys/net/ipv4/ip_forward',
    'id -G',
    'df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2',
    'hostname; pwd; echo $A; umask',
  ];
  const script = `${RUN} ${flags.join(' ')} busybox sh -c '${questions.join('; ')}'`;
  const lines = (await stage().output(script)).trim().split('\n');
  expect(lines).toEqual(['100', '200', '1', '1000 1001', '1024', 'named', '/tmp', 'b', '0027']);
});

test('volumes are mounted as they are asked for', async () => {
  const folder = `${stage().folder}/volume`;
  stage().write(`${folder}/file`, 'from outside\n');
  const mounts = `-v ${folder}:/data:ro -v named:/named --mount type=tmpfs,destination=/mem,tmpfs-size=1m`;
  const script =
    'cat /data/file; touch /data/x 2>&1; touch /named/y && ls /named; df -k /mem | tail -1';
  const printed = await stage().output(`${RUN} ${mounts} busybox sh -c '${script}'`);
  expect(printed).toMatch(
    /^from outside\ntouch: \/data\/x: Read-only file system\ny\ntmpfs +1024 .* \/mem\n$/,
  );
  await stage().output('podman volume rm named');
});

test('what is hidden by default can be shown, and more can be hidden', async () => {
  const hidden = await stage().output(`${RUN} busybox sh -c 'wc -c < /proc/timer_list'`);
  expect(hidden).toBe('0\n');
  const flags = '--security-opt unmask=/proc/timer_list --security-opt mask=/etc/passwd';
  const shown = await stage().output(
    `${RUN} ${flags} busybox sh -c 'head -c 5 /proc/timer_list; echo; wc -c < /etc/passwd'`,
  );
  expect(shown).toBe('Timer\n0\n');
});

test('podman runs with all privileges', async () => {
  const script = 'mount -t tmpfs tmpfs /mnt && grep Seccomp: /proc/self/status && ls /dev | wc -l';
  const printed = await stage().output(`${RUN} --privileged busybox sh -c '${script}'`);
  const [seccomp, devices] = printed.trim().split('\n');
  expect(seccomp).toBe('Seccomp:\t0');
  expect(Number(devices)).toBeGreaterThan(30);
});

test('podman makes pods of what Kubernetes would be told', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'played' },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'docker.io/library/busybox:latest',
          imagePullPolicy: 'Never',
          command: ['sleep', '1000'],
          securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true },
          resources: { limits: { memory: '64Mi' } },
        },
      ],
    },
  };
  stage().write(`${stage().folder}/pod.yaml`, JSON.stringify(pod));
  await stage().output(`podman play kube ${stage().folder}/pod.yaml`);
  const ask = 'id -u; touch /x 2>&1; cat /sys/fs/cgroup/memory/memory.limit_in_bytes';
  expect(await stage().output(`podman exec played-main sh -c '${ask}'`)).toBe(
    `1000\ntouch: /x: Read-only file system\n${64 << 20}\n`,
  );
  await stage().output('podman pod rm --force --time 0 played');
});

test('podman restarts, pauses before it copies, and commits', async () => {
  await stage().output(
    "podman run -d --name again --network none busybox sh -c 'echo up >> /log; exec sleep 1000'",
  );
  await stage().output('podman restart --time 0 again');
  await stage().output('until podman exec again grep -c up /log | grep 2; do :; done');
  await stage().output(`podman cp again:/log ${stage().folder}/log`);
  await stage().output(
    'podman commit --quiet --pause again changed; podman rm --force --time 0 again',
  );
  expect(await stage().output(`${RUN} changed cat /log; cat ${stage().folder}/log`)).toBe(
    'up\nup\nup\nup\n',
  );
});
