/** One container of a test: the verbs, with their results checked where the test does not do it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Section } from './config.ts';
import { waitForEnd } from './processes.ts';
import type { Ended, Running, StartOptions } from './runtime.ts';
import type { Sandbox } from './sandbox.ts';

export interface State {
  readonly ociVersion: string;
  readonly id: string;
  readonly status: string;
  readonly pid: number;
  readonly bundle: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export class Container {
  readonly sandbox: Sandbox;
  readonly id: string;
  readonly bundle: string;
  readonly config: Section;

  constructor(sandbox: Sandbox, id: string, bundle: string, config: Section) {
    this.sandbox = sandbox;
    this.id = id;
    this.bundle = bundle;
    this.config = config;
  }

  get rootfs(): string {
    return join(this.bundle, 'rootfs');
  }

  /** Absolute path of the container's cgroup in each hierarchy. */
  get cgroup(): string {
    return `${this.sandbox.cgroup}/${this.id}`;
  }

  /** Writes config.json anew, as it is given. */
  writeConfig(text: string): void {
    writeFileSync(join(this.bundle, 'config.json'), text);
  }

  /** Text of a file that the container has written. */
  read(path: string): string {
    return readFileSync(join(this.rootfs, path), 'utf8');
  }

  tryCreate(flags: readonly string[] = [], options: StartOptions = {}): Promise<Ended> {
    return this.sandbox.run(['create', '--bundle', this.bundle, ...flags, this.id], options);
  }

  async create(flags: readonly string[] = [], options: StartOptions = {}): Promise<Ended> {
    return succeed('create', await this.tryCreate(flags, options));
  }

  tryStart(): Promise<Ended> {
    return this.sandbox.run(['start', this.id]);
  }

  async start(): Promise<Ended> {
    return succeed('start', await this.tryStart());
  }

  tryState(): Promise<Ended> {
    return this.sandbox.run(['state', this.id]);
  }

  async state(): Promise<State> {
    const { stdout } = succeed('state', await this.tryState());
    return JSON.parse(stdout) as State;
  }

  tryKill(signal: string, ...flags: string[]): Promise<Ended> {
    return this.sandbox.run(['kill', ...flags, this.id, signal]);
  }

  async kill(signal: string): Promise<Ended> {
    return succeed('kill', await this.tryKill(signal));
  }

  tryDelete(...flags: string[]): Promise<Ended> {
    return this.sandbox.run(['delete', ...flags, this.id]);
  }

  async delete(...flags: string[]): Promise<Ended> {
    return succeed('delete', await this.tryDelete(...flags));
  }

  /** `run` in the foreground, to its end. */
  run(flags: readonly string[] = [], options: StartOptions = {}): Promise<Ended> {
    return this.sandbox.run(['run', '--bundle', this.bundle, ...flags, this.id], options);
  }

  /** `run` in the foreground, with pipes. */
  startRun(flags: readonly string[] = []): Running {
    return this.sandbox.start(['run', '--bundle', this.bundle, ...flags, this.id]);
  }

  /** @returns what the program of the container prints; it has to end with 0 */
  async output(): Promise<string> {
    return succeed('run', await this.run()).stdout;
  }

  /** Waits until the container's process has ended. */
  async ended(): Promise<void> {
    const { pid } = await this.state();
    if (pid > 0) await waitForEnd(pid);
  }
}

/** @throws Error with what the runtime said, when it has failed */
export function succeed(verb: string, ended: Ended): Ended {
  if (ended.status === 0) return ended;
  throw new Error(`${verb} ended with ${ended.status}: ${ended.stderr.trim()}${ended.stdout}`);
}
