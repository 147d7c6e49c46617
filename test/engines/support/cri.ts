/** The calls of the CRI that the tests make; fields are numbered as in cri-api's api.proto (runtime.v1). */
import { GrpcClient, type Message, type Reply } from './grpc.ts';
import { IMAGE } from './image.ts';

/** NamespaceMode: a namespace of the pod, or that of the host. */
const POD = 0;
export const NODE = 2;
const STATES = ['created', 'running', 'exited'];

export interface Pod {
  readonly id: string;
  readonly network: number;
  readonly config: Message;
}

export class CriClient {
  readonly #client: GrpcClient;

  /** @param socket of containerd */
  constructor(socket: string) {
    this.#client = new GrpcClient(socket);
  }

  call(method: string, request: Message): Promise<Reply> {
    return this.#client.call(`/runtime.v1.RuntimeService/${method}`, request);
  }

  async runPod(name: string, network = POD): Promise<Pod> {
    const config = {
      1: { 1: name, 2: `uid-${name}`, 3: 'tests' },
      // A pod in the network of the host shares its UTS namespace as well, and has no name of its own.
      2: network === NODE ? undefined : name,
      3: `/var/log/${name}`,
      8: { 2: { 1: { 1: network } } },
    };
    const reply = await this.call('RunPodSandbox', { 1: config, 2: 'runts' });
    return { id: reply.text(1), network, config };
  }

  async removePod({ id }: Pod): Promise<void> {
    await this.call('StopPodSandbox', { 1: id });
    await this.call('RemovePodSandbox', { 1: id });
  }

  /**
   * @param linux LinuxContainerConfig: 1 resources, 2 security context
   * @returns its id
   */
  async createContainer(
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
    const reply = await this.call('CreateContainer', { 1: pod.id, 2: config, 3: pod.config });
    return reply.text(1);
  }

  async stateOf(container: string): Promise<string> {
    const reply = await this.call('ContainerStatus', { 1: container });
    return STATES[reply.message(1).number(3)] ?? 'unknown';
  }

  async execSync(container: string, ...command: string[]) {
    const reply = await this.call('ExecSync', { 1: container, 2: command, 3: 20 });
    return { stdout: reply.text(1), stderr: reply.text(2), code: reply.number(3) };
  }

  close(): void {
    this.#client.close();
  }
}
