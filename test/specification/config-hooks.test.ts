import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import type { Section } from '../lib/config.ts';
import type { Container, State } from '../lib/container.ts';
import { namespaceOf } from '../lib/processes.ts';
import { useSandbox, useSharedSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const KINDS = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const;
type Kind = (typeof KINDS)[number];

const TYPES = ['mnt', 'uts', 'ipc', 'net'];

/** What one hook has written about itself. */
interface Report {
  readonly state: State;
  readonly namespaces: Readonly<Record<string, string>>;
  /** Whether `/` is the root of the container. */
  readonly inRoot: boolean;
  readonly arguments: string;
  readonly variable: string;
}

/** Prints the report as lines, the state last. `$0` is the path that the hook was started by. */
const SCRIPT = [
  ...TYPES.map((type) => `echo "${type} $(readlink /proc/self/ns/${type})"`),
  'if [ -e /i-am-the-rootfs ]; then echo "root yes"; else echo "root no"; fi',
  'echo "arguments $*"',
  'echo "variable $HOOK"',
  'printf "state "; cat; echo',
].join('\n');

function parse(text: string): Report {
  const field = (name: string): string => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return line?.slice(name.length + 1) ?? '';
  };
  return {
    state: JSON.parse(text.slice(text.indexOf('\nstate ') + 7)) as State,
    namespaces: Object.fromEntries(TYPES.map((type) => [type, field(type)])),
    inRoot: field('root') === 'yes',
    arguments: field('arguments'),
    variable: field('variable'),
  };
}

describe('hooks of all kinds', () => {
  const sandbox = useSharedSandbox();
  let container: Container;
  let pid = 0;
  let own: Record<string, string>;
  /** Which hooks had run after each command. */
  const after: Record<string, string> = {};
  const reports = {} as Record<Kind, Report>;

  beforeAll(async () => {
    const { folder } = sandbox();
    // The container sees this folder under the same path, so that its hooks can write there as well.
    const log = join(folder, 'log');
    const hook = (kind: Kind, number: number): Section => ({
      // In the container there is a busybox at /bin/sh, on the host some shell.
      path: '/bin/sh',
      args: [
        'sh',
        '-c',
        `{ ${SCRIPT}\n} > ${folder}/${kind}-${number}; echo ${kind}-${number} >> ${log}`,
        'name',
        `one ${number}`,
      ],
      env: ['PATH=/usr/bin:/bin', `HOOK=${kind}`],
    });
    container = sandbox().container({
      args: ['sh', '-c', `echo program >> ${log}; touch /data/ran; exec sleep 1000`],
      annotations: { 'org.example.note': 'kept' },
      mounts: [{ destination: folder, source: folder, options: ['bind'] }],
      hooks: Object.fromEntries(KINDS.map((kind) => [kind, [hook(kind, 1), hook(kind, 2)]])),
    });
    writeFileSync(join(container.rootfs, 'i-am-the-rootfs'), '');
    const read = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');

    await container.create();
    after.create = read();
    pid = (await container.state()).pid;
    own = Object.fromEntries(TYPES.map((type) => [type, namespaceOf(pid, type)]));
    await container.start();
    after.start = read();
    await container.kill('KILL');
    await container.ended();
    after.kill = read();
    await container.delete();
    after.delete = read();
    for (const kind of KINDS) {
      reports[kind] = parse(readFileSync(join(folder, `${kind}-2`), 'utf8'));
    }
  });

  const host = (): Record<string, string> =>
    Object.fromEntries(TYPES.map((type) => [type, namespaceOf('self', type)]));

  must(['prestart.when', 'create-runtime.when', 'create-container.when', 'hooks.order'], () => {
    const during = ['prestart', 'createRuntime', 'createContainer'];
    expect(after.create).toBe(during.map((kind) => `${kind}-1\n${kind}-2\n`).join(''));
  });

  must(['start-container.when', 'poststart.when'], () => {
    const lines = after.start?.slice(after.create?.length).trim().split('\n') ?? [];
    // The program and the poststart hooks run side by side from here on; the hooks may come first.
    expect(lines.slice(0, 2)).toEqual(['startContainer-1', 'startContainer-2']);
    const hooks = lines.filter((line) => line.startsWith('poststart'));
    expect(hooks).toEqual(['poststart-1', 'poststart-2']);
  });

  must('poststop.when', () => {
    const before = after.kill ?? '';
    expect(before).not.toContain('poststop');
    expect(after.delete?.slice(before.length)).toBe('poststop-1\npoststop-2\n');
  });

  must(['prestart.where', 'create-runtime.where', 'poststart.where', 'poststop.where'], () => {
    for (const kind of ['prestart', 'createRuntime', 'poststart', 'poststop'] as const) {
      expect(reports[kind].namespaces, kind).toEqual(host());
      expect(reports[kind].inRoot, kind).toBe(false);
    }
  });

  must('create-container.where', () => {
    expect(reports.createContainer.namespaces).toEqual(own);
    // Found on the host: before pivot_root its `/` is still that of the host.
    expect(reports.createContainer.inRoot).toBe(false);
  });

  must('start-container.where', () => {
    expect(reports.startContainer.namespaces).toEqual(own);
    expect(reports.startContainer.inRoot).toBe(true);
  });

  must('hooks.stdin', () => {
    const statuses = KINDS.map((kind) => reports[kind].state.status);
    expect(statuses.slice(4)).toEqual(['running', 'stopped']);
    for (const status of statuses.slice(0, 4)) expect(status).toMatch(/^creat(ing|ed)$/);
    for (const kind of KINDS) {
      const { id, bundle, annotations, ociVersion } = reports[kind].state;
      expect({ id, bundle, annotations }, kind).toEqual({
        id: container.id,
        bundle: container.bundle,
        annotations: { 'org.example.note': 'kept' },
      });
      expect(ociVersion).toMatch(/^1\./);
      expect(reports[kind].arguments, kind).toBe('one 2');
      expect(reports[kind].variable, kind).toBe(kind);
    }
    // As the hook sees it: in the container's pid namespace the process is the first one.
    for (const kind of ['prestart', 'createRuntime', 'poststart'] as const) {
      expect(reports[kind].state.pid, kind).toBe(pid);
    }
    for (const kind of ['createContainer', 'startContainer'] as const) {
      expect(reports[kind].state.pid, kind).toBe(1);
    }
  });
});

describe('hooks', () => {
  const sandbox = useSandbox();

  must(['hooks.path', 'hooks.timeout'], async () => {
    for (const hook of [
      { path: 'bin/true' },
      { path: '' },
      { path: '/bin/true', timeout: 0 },
      { path: '/bin/true', timeout: -1 },
    ]) {
      for (const kind of KINDS) {
        const container = sandbox().container({ hooks: { [kind]: [hook] } });
        expect((await container.tryCreate()).status, JSON.stringify(hook)).not.toBe(0);
      }
    }
    expect(sandbox().leftovers()).toEqual([]);
  });
});
