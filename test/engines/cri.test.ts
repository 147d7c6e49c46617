/** Pods by way of containerd's CRI plugin, as Kubernetes asks for them. */
import { afterAll, expect, test } from 'vitest';
import { CriClient, NODE } from './support/cri.ts';
import { useEngine, writeConfiguration } from './support/engine.ts';
import { makeImage } from './support/image.ts';

const SOCKET = '/run/containerd/containerd.sock';

/** A bridge without a way out, by the plugins of Debian's containernetworking-plugins. */
const BRIDGE = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.77.0.0/24' }]] },
    },
  ],
};

const stage = useEngine({
  programs: ['containerd', 'ctr'],
  files: ['/usr/lib/cni/bridge'],
  async prepare(stage, archive) {
    writeConfiguration('containerd', stage);
    // Where root lacks CAP_SYS_RESOURCE, nobody can give a pod a lower score than containerd's own.
    const more = [
      '[plugins."io.containerd.grpc.v1.cri"]',
      'restrict_oom_score_adj = true',
      '[plugins."io.containerd.grpc.v1.cri".cni]',
      'bin_dir = "/usr/lib/cni"',
    ];
    await stage.output(`echo '${more.join('\n')}' >> /etc/containerd/config.toml`);
    stage.write('/etc/cni/net.d/10-bridge.conflist', JSON.stringify(BRIDGE));
    stage.startDaemon('containerd', 'containerd');
    await stage.accepts('containerd', SOCKET);
    // The process that holds the namespaces of a pod is an image as well.
    const name = await stage.output(
      'containerd config default | sed -n \'s/.*sandbox_image = "\\(.*\\)"/\\1/p\'',
    );
    const pause = `${stage.folder}/pause.tar`;
    stage.write(pause, makeImage({ name: name.trim(), command: ['sleep', '1000000'] }));
    for (const file of [archive, pause]) await stage.output(`ctr -n k8s.io image import ${file}`);
  },
});

let client: CriClient | undefined;
const cri = (): CriClient => {
  client ??= new CriClient(stage().outside(SOCKET));
  return client;
};
afterAll(() => client?.close());

test('a pod with a container goes through its life', async () => {
  const pod = await cri().runPod('life');
  const script = 'echo started; exec sleep 1000';
  const container = await cri().createContainer(pod, 'main', ['sh', '-c', script]);
  expect(await cri().stateOf(container)).toBe('created');
  await cri().call('StartContainer', { 1: container });
  expect(await cri().stateOf(container)).toBe('running');
  const log =
    'until grep -q started /var/log/life/main.log; do :; done; cat /var/log/life/main.log';
  expect(await stage().output(log)).toMatch(/ stdout F started\n$/);
  await cri().call('StopContainer', { 1: container, 2: 0 });
  expect(await cri().stateOf(container)).toBe('exited');
  await cri().call('RemoveContainer', { 1: container });
  await cri().removePod(pod);
  expect(stage().leftovers()).toEqual([]);
});

test('the containers of a pod share its network and its name', async () => {
  const pod = await cri().runPod('net');
  const seen: string[] = [];
  for (const name of ['first', 'second']) {
    const container = await cri().createContainer(pod, name, ['sleep', '1000']);
    await cri().call('StartContainer', { 1: container });
    const ask =
      'hostname; ip -o -4 addr show eth0 | grep -o "inet [0-9.]*"; readlink /proc/self/ns/net';
    seen.push((await cri().execSync(container, 'sh', '-c', ask)).stdout);
  }
  expect(seen[0]).toMatch(/^net\ninet 10\.77\.0\.\d+\n/);
  expect(seen[1]).toBe(seen[0]);
  await cri().removePod(pod);
});

test('exec in a container of a pod gives both outputs and the code', async () => {
  const pod = await cri().runPod('exec', NODE);
  const container = await cri().createContainer(pod, 'main', ['sleep', '1000']);
  await cri().call('StartContainer', { 1: container });
  expect(await cri().execSync(container, 'sh', '-c', 'hostname; echo bad >&2; exit 3')).toEqual({
    stdout: 'engines\n',
    stderr: 'bad\n',
    code: 3,
  });
  await cri().removePod(pod);
});

test('containers of a pod share its namespaces, and have limits and users of their own', async () => {
  const pod = await cri().runPod('shared');
  const linux = { 1: { 4: 64 << 20 }, 2: { 5: { 1: 1000 }, 7: 1 } };
  const container = await cri().createContainer(pod, 'main', ['sleep', '1000'], linux);
  await cri().call('StartContainer', { 1: container });
  const limit = '/sys/fs/cgroup/memory/memory.limit_in_bytes';
  expect(await cri().execSync(container, 'sh', '-c', `id -u; touch /x; cat ${limit}`)).toEqual({
    stdout: `1000\n${64 << 20}\n`,
    stderr: 'touch: /x: Read-only file system\n',
    code: 0,
  });
  await cri().call('UpdateContainerResources', { 1: container, 2: { 4: 32 << 20 } });
  expect((await cri().execSync(container, 'cat', limit)).stdout).toBe(`${32 << 20}\n`);
  await cri().removePod(pod);
});

test('a container that was created and never started is removed with its pod', async () => {
  const before = stage().leftovers();
  const pod = await cri().runPod('unstarted');
  const container = await cri().createContainer(pod, 'main', ['sleep', '1000']);
  await cri().call('StopContainer', { 1: container, 2: 0 });
  await cri().call('RemoveContainer', { 1: container });
  await cri().createContainer(pod, 'other', ['sleep', '1000']);
  await cri().removePod(pod);
  expect(stage().leftovers()).toEqual(before);
});

test('a program that is not there is a failure of start, in the words of the runtime', async () => {
  const pod = await cri().runPod('missing');
  const container = await cri().createContainer(pod, 'main', ['no-such-program']);
  await expect(cri().call('StartContainer', { 1: container })).rejects.toThrow(
    /exec: "no-such-program": executable file not found in \$PATH/,
  );
  expect(await cri().stateOf(container)).toBe('exited');
  await cri().removePod(pod);
});
