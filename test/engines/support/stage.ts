/** A machine of its own for an engine: see stage.sh for what it has and what it lacks. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cgroupsBelow, processesBelow, removeCgroups } from '../../lib/cgroups.ts';
import { waitForEnd } from '../../lib/processes.ts';
import { type Ended, RUNTIME, type Running, runToEnd, startPiped } from '../../lib/runtime.ts';
import { collect } from '../../lib/stream.ts';
import { joining, makeCgroup } from './cgroup.ts';
import { listening } from './socket.ts';

const SCRIPT = fileURLToPath(new URL('stage.sh', import.meta.url));
const ON_TERMINAL = fileURLToPath(new URL('../../lib/programs/on-terminal.py', import.meta.url));
const NAMESPACES = ['--mount', '--net', '--pid', '--ipc', '--uts', '--cgroup'];
/** Like root's at login, with the binary under test in the first folder, and nothing of the caller's. */
const PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What there is to say about a failure is near the end of a log. */
const SHOWN_LINES = 60;

/** Where the engines keep what their runtime knows: one directory per container, below patterns of folders. */
const STATE_FOLDERS = ['/run/runts', '/run/containerd/runc/*', '/run/docker/runtime-*/moby'];
/** Where the engines have the runtime write its log. */
const LOG_NAMES = ['log.json', 'init-log.json', 'oci-log', 'shim.log'];

export class Stage {
  /** Exists inside only, and is gone with it. */
  readonly folder: string;
  readonly #logs: string;
  readonly #cgroup: string;
  readonly #holder: ChildProcess;
  readonly #pid: number;
  readonly #daemons = new Map<string, { command: string; child: ChildProcess }>();

  private constructor(folder: string, cgroup: string, holder: ChildProcess, pid: number) {
    this.folder = folder;
    this.#logs = `${folder}.logs`;
    this.#cgroup = cgroup;
    this.#holder = holder;
    this.#pid = pid;
  }

  /** @throws Error with what went wrong; nothing is left then */
  static async open(): Promise<Stage> {
    // Never below /var, which is another one inside.
    const folder = realpathSync(mkdtempSync('/tmp/runts-test-engine-'));
    mkdirSync(`${folder}.logs`);
    const cgroup = `/runts-test-engine-${folder.slice(-6)}-${process.pid}`;
    makeCgroup(cgroup);
    const unshare = ['unshare', ...NAMESPACES, '--fork', '--kill-child', '--mount-proc'];
    const holder = spawn(
      'sh',
      joining(cgroup, [...unshare, '--propagation', 'private', 'bash', SCRIPT, folder, RUNTIME]),
      { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH } },
    );
    const errors = collect(holder.stderr);
    try {
      await collect(holder.stdout).until(/^ready$/m);
      const children = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8');
      return new Stage(folder, cgroup, holder, Number(children.trim()));
    } catch (cause) {
      holder.stdin.end();
      const detail = await errors.end;
      removeCgroups(cgroup);
      for (const path of [folder, `${folder}.logs`]) rmSync(path, { recursive: true });
      throw new Error(`the stage was not made: ${detail}`, { cause });
    }
  }

  /** @returns a path of the stage as this process sees it */
  outside(path: string): string {
    return `/proc/${this.#pid}/root${path}`;
  }

  write(path: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.outside(path)), { recursive: true });
    writeFileSync(this.outside(path), text);
  }

  /** Runs a shell script to its end, which is that of the shell: what it leaves running is not waited for. */
  run(script: string): Promise<Ended> {
    return runToEnd(this.#entering(['sh', '-c', script]), this.#logs, {}, 'sh');
  }

  /** @throws Error with all that the script has printed, where it ends with another status than 0 */
  async output(script: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(script);
    if (status === 0) return stdout;
    throw new Error(`\`${script}\` ended with ${status}: ${stderr}${stdout}`);
  }

  /** Starts a shell script with pipes to it. */
  start(script: string): Running {
    return startPiped(this.#entering(['sh', '-c', script]), {}, 'sh');
  }

  /** Starts a shell script on a terminal of its own: see on-terminal.py for its streams. */
  startOnTerminal(script: string): Running {
    const command = ['/usr/bin/python3', ON_TERMINAL, 'sh', '-c', script];
    return startPiped(this.#entering(command), {}, 'sh');
  }

  /** Starts a program that stays, with its output in a log that {@link explain} shows. */
  startDaemon(name: string, command: string): void {
    const log = openSync(join(this.#logs, `${name}.log`), 'a');
    const child = spawn('sh', this.#entering(['sh', '-c', `exec ${command}`]), {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#daemons.set(name, { command, child });
  }

  /** Ends a daemon, waits for its end, and starts it once more. */
  async restart(name: string): Promise<void> {
    const { command, child } = this.#daemons.get(name) ?? {};
    if (command === undefined || child === undefined) throw new Error(`no daemon ${name}`);
    const ended = once(child, 'exit');
    // nsenter waits for the program and does not pass signals on.
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    process.kill(Number(children.trim()), 'SIGTERM');
    await ended;
    this.startDaemon(name, command);
  }

  /** Waits until a daemon takes connections; its end before that is an error. */
  async accepts(name: string, socket: string): Promise<void> {
    const { child } = this.#daemons.get(name) ?? {};
    if (child === undefined) throw new Error(`no daemon ${name}`);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} has ended (${code}) and never listened on ${socket}`);
    });
    mkdirSync(dirname(this.outside(socket)), { recursive: true });
    await Promise.race([ended, listening(this.outside(socket))]);
    ended.catch(() => {});
  }

  /** @returns the ends of the logs: of the daemons, and what the runtime has written for the engine */
  explain(): string {
    const daemons = readdirSync(this.#logs)
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(this.#logs, name));
    const names = LOG_NAMES.map((name) => `-name ${name}`).join(' -o ');
    const find = `find /run /var/lib/containers -type f \\( ${names} \\)`;
    const found = spawnSync('sh', this.#entering(['sh', '-c', find]), { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
      .map((path) => this.outside(path));
    return [...daemons, ...found].map(showLog).join('\n');
  }

  /** What there still is of containers, one line each. */
  leftovers(): string[] {
    const folders = STATE_FOLDERS.map((pattern) => `${pattern}/*`).join(' ');
    const list = `for one in ${folders}; do if [ -e "$one" ]; then echo "$one"; fi; done`;
    const { stdout } = spawnSync('sh', this.#entering(['sh', '-c', list]), { encoding: 'utf8' });
    const states = stdout.split('\n').filter(Boolean);
    // The engines keep the parents of all, and Podman a cgroup for its monitors.
    const cgroups = cgroupsBelow(this.#cgroup)
      .map((path) => path.slice(path.indexOf(this.#cgroup) + this.#cgroup.length))
      .filter((path) => !/\/(libpod_parent|conmon|docker|default|k8s\.io)$/.test(path));
    const lines = [
      ...states.map((path) => `state ${path}`),
      ...cgroups.map((path) => `cgroup ${path}`),
    ];
    // Once, whatever number of hierarchies it is in.
    return [...new Set(lines)];
  }

  /** Ends everything in it, and removes what it had. */
  async close(): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
    // Outside there is an nsenter for each program that was still running inside: it ends as well.
    for (const pid of processesBelow(this.#cgroup)) await waitForEnd(pid);
    removeCgroups(this.#cgroup);
    for (const path of [this.folder, this.#logs]) rmSync(path, { recursive: true, force: true });
  }

  #entering(command: readonly string[]): string[] {
    const enter = ['nsenter', `--target=${this.#pid}`, ...NAMESPACES, '--wd=/', '--'];
    const environment = ['env', '-i', `PATH=${PATH}`, 'HOME=/root', `TMPDIR=${this.folder}`];
    return joining(this.#cgroup, [...enter, ...environment, ...command]);
  }
}

function showLog(path: string): string {
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    // containerd names each of its sixty plugins, in every process.
    .filter((line) => !line.includes('loading plugin'))
    .slice(-SHOWN_LINES);
  return `── ${path.replace(/^\/proc\/\d+\/root/, '')}\n${lines.join('\n')}`;
}
