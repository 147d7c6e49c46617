import { isAbsolute, join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import type { Container, State } from '../lib/container.ts';
import { fileAppears } from '../lib/files.ts';
import { isAlive, readProc } from '../lib/processes.ts';
import { useSharedSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const PROGRAM = ['sh', '-c', 'touch /data/up; sleep 1000; :'];

describe('the state of a container', () => {
  const sandbox = useSharedSandbox();
  let container: Container;
  const states: State[] = [];
  let program = '';

  beforeAll(async () => {
    container = sandbox().container({
      args: PROGRAM,
      annotations: { 'org.example.a': 'b', 'org.example.empty': '' },
    });
    await container.create();
    states.push(await container.state());
    await container.start();
    // Start returns within execve: the kernel sets the arguments somewhat later.
    await fileAppears(join(container.rootfs, 'data/up'));
    states.push(await container.state());
    program = readProc(states[1]?.pid ?? 0, 'cmdline');
    await container.kill('KILL');
    await container.ended();
    states.push(await container.state());
  });

  must('state.status', () => {
    expect(states.map(({ status }) => status)).toEqual(['created', 'running', 'stopped']);
  });

  must('state.pid', () => {
    const [created, running] = states;
    expect(created?.pid).toBe(running?.pid);
    expect(program).toBe(`${PROGRAM.join('\0')}\0`);
    expect(isAlive(created?.pid ?? 0)).toBe(false);
  });

  must('state.version', () => {
    for (const { ociVersion } of states) expect(ociVersion).toMatch(/^1\.\d+\.\d+/);
  });

  must('state.id', () => {
    for (const { id } of states) expect(id).toBe(container.id);
  });

  must('state.bundle', () => {
    for (const { bundle } of states) {
      expect(isAbsolute(bundle)).toBe(true);
      expect(bundle).toBe(container.bundle);
    }
  });

  must('state.annotations', () => {
    for (const { annotations } of states) {
      expect(annotations).toEqual({ 'org.example.a': 'b', 'org.example.empty': '' });
    }
  });

  must(['state.schema', 'state.returns'], () => {
    for (const state of states) {
      const { ociVersion, id, status, pid, bundle } = state;
      expect([ociVersion, id, status, bundle].every((value) => typeof value === 'string')).toBe(
        true,
      );
      expect(Number.isInteger(pid) && pid >= 0).toBe(true);
    }
  });
});
