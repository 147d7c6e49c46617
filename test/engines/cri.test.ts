/** Pods by way of containerd's CRI plugin, as Kubernetes asks for them; fields are those of cri-api's api.proto (v1). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useEngine, writeConfiguration } from './support/engine.ts';
import { GrpcClient, type Message, type Reply } from './support/grpc.ts';
import { IMAGE, makeImage } from './support/image.ts';

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

let client: GrpcClient;
beforeAll(() => {
  client = new GrpcClient(stage().outside(SOCKET));
});
afterAll(() => client?.close());

const call = (method: string, request: Message): Promise<Reply> =>
  client.call(`/runtime.v1.RuntimeService/${method}`, request);

/** NamespaceMode: a namespace of the pod, or that of the host. */
const POD = 0;
const NODE = 2;
const STATES = ['created', 'running', 'exited'];

interface Pod {
  readonly id: string;
  readonly network: number;
  readonly config: Message;
}

/** A pod in the network of the host shares its UTS namespace as well, and has no name of its own. */
const podConfig = (name: string, network: number): Message => ({
  1: { 1: name, 2: `uid-${name}`, 3: 'tests' },
  2: network === NODE ? undefined : name,
  3: `/var/log/${name}`,
  8: { 2: { 1: { 1: network } } },
});

async function runPod(name: string, network = POD): Promise<Pod> {
  const config = podConfig(name, network);
  const reply = await call('RunPodSandbox', { 1: config, 2: 'runts' });
  return { id: reply.text(1), network, config };
}

/** @param linux LinuxContainerConfig: 1 resources, 2 security context */
async function createContainer(
  pod: Pod,
  name: string,
  command: readonly string[],
  linux: Message = {},
): Promise<string> {
  const context = { 3: { 1: pod.network }, ...(linux[2] as Message | undefined) };
  const config: Message = {
    1: { 1: name },
    2: { 1: IMAGE },
    3: command,
    11: `${name}.log`,
    15: { ...linux, 2: context },
  };
  const reply = await call('CreateContainer', { 1: pod.id, 2: config, 3: pod.config });
  return reply.text(1);
}

async function stateOf(container: string): Promise<string> {
  const reply = await call('ContainerStatus', { 1: container });
  return STATES[reply.message(1).number(3)] ?? 'unknown';
}

async function execSync(container: string, ...command: string[]) {
  const reply = await call('ExecSync', { 1: container, 2: command, 3: 20 });
  return { stdout: reply.text(1), stderr: reply.text(2), code: reply.number(3) };
}

async function removePod({ id }: Pod): Promise<void> {
  await call('StopPodSandbox', { 1: id });
  await call('RemovePodSandbox', { 1: id });
}

test('a pod with a container goes through its life', async () => {
  const pod = await runPod('life');
  const script = 'echo started; exec sleep 1000';
  const container = await createContainer(pod, 'main', ['sh', '-c', script]);
  expect(await stateOf(container)).toBe('created');
  await call('StartContainer', { 1: container });
  expect(await stateOf(container)).toBe('running');
  const log =
    'until grep -q started /var/log/life/main.log; do :; done; cat /var/log/life/main.log';
  expect(await stage().output(log)).toMatch(/ stdout F started\n$/);
  await call('StopContainer', { 1: container, 2: 0 });
  expect(await stateOf(container)).toBe('exited');
  await call('RemoveContainer', { 1: container });
  await removePod(pod);
  expect(stage().leftovers()).toEqual([]);
});

test('the containers of a pod share its network and its name', async () => {
  const pod = await runPod('net');
  const seen: string[] = [];
  for (const name of ['first', 'second']) {
    const container = await createContainer(pod, name, ['sleep', '1000']);
    await call('StartContainer', { 1: container });
    const ask =
      'hostname; ip -o -4 addr show eth0 | grep -o "inet [0-9.]*"; readlink /proc/self/ns/net';
    seen.push((await execSync(container, 'sh', '-c', ask)).stdout);
  }
  expect(seen[0]).toMatch(/^net\ninet 10\.77\.0\.\d+\n/);
  expect(seen[1]).toBe(seen[0]);
  await removePod(pod);
});

test('exec in a container of a pod gives both outputs and the code', async () => {
  const pod = await runPod('exec', NODE);
  const container = await createContainer(pod, 'main', ['sleep', '1000']);
  await call('StartContainer', { 1: container });
  expect(await execSync(container, 'sh', '-c', 'hostname; echo bad >&2; exit 3')).toEqual({
    stdout: 'engines\n',
    stderr: 'bad\n',
    code: 3,
  });
  await removePod(pod);
});

test('containers of a pod share its namespaces, and have limits and users of their own', async () => {
  const pod = await runPod('shared');
  const linux = { 1: { 4: 64 << 20 }, 2: { 5: { 1: 1000 }, 7: 1 } };
  const container = await createContainer(pod, 'main', ['sleep', '1000'], linux);
  await call('StartContainer', { 1: container });
  const limit = '/sys/fs/cgroup/memory/memory.limit_in_bytes';
  expect(await execSync(container, 'sh', '-c', `id -u; touch /x; cat ${limit}`)).toEqual({
    stdout: `1000\n${64 << 20}\n`,
    stderr: 'touch: /x: Read-only file system\n',
    code: 0,
  });
  await call('UpdateContainerResources', { 1: container, 2: { 4: 32 << 20 } });
  expect((await execSync(container, 'cat', limit)).stdout).toBe(`${32 << 20}\n`);
  await removePod(pod);
});

test('a container that was created and never started is removed with its pod', async () => {
  const before = stage().leftovers();
  const pod = await runPod('unstarted');
  const container = await createContainer(pod, 'main', ['sleep', '1000']);
  await call('StopContainer', { 1: container, 2: 0 });
  await call('RemoveContainer', { 1: container });
  await createContainer(pod, 'other', ['sleep', '1000']);
  await removePod(pod);
  expect(stage().leftovers()).toEqual(before);
});

test('a program that is not there is a failure of start, in the words of the runtime', async () => {
  const pod = await runPod('missing');
  const container = await createContainer(pod, 'main', ['no-such-program']);
  await expect(call('StartContainer', { 1: container })).rejects.toThrow(
    /exec: "no-such-program": executable file not found in \$PATH/,
  );
  expect(await stateOf(container)).toBe('exited');
  await removePod(pod);
});
