/** Every sub-step of a plan of exec is made to fail: what is said, and what is left. */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import { execInContainer } from '../../../src/lifecycle/exec.ts';
import type { Fault } from '../../../src/plan/encode.ts';
import type { Plan } from '../../../src/plan/step.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { processesBelow } from '../../lib/cgroups.ts';
import type { Changes } from '../../lib/config.ts';
import type { Container } from '../../lib/container.ts';
import { useSharedSandbox } from '../../lib/sandbox.ts';
import { started } from './support.ts';

const EIO = 5;
const LONG = 240_000;
const MAPPING = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

const CASES: Readonly<Record<string, Changes>> = {
  'a user and a cgroup namespace': {
    namespaces: [{ type: 'user' }, { type: 'cgroup' }],
    process: { env: ['PATH=/bin'] },
    linux: { uidMappings: MAPPING, gidMappings: MAPPING },
  },
  'the mount namespace of the runtime': {
    without: ['mount'],
    process: {
      user: { uid: 1000, gid: 1000 },
      noNewPrivileges: true,
      oomScoreAdj: 100,
      ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 5 },
      rlimits: [{ type: 'RLIMIT_CORE', soft: 1, hard: 2 }],
    },
    linux: {
      personality: { domain: 'LINUX' },
      seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] },
    },
  },
};

const sandbox = useSharedSandbox();

/** @returns the plan, and what was thrown */
async function attempt(container: Container, chosen?: Fault) {
  const output = openSync(join(sandbox().folder, 'output'), 'w+');
  const input = openSync('/dev/null', 'r');
  let plan: Plan | undefined;
  let error: unknown;
  try {
    await execInContainer(
      { root: sandbox().root, systemdCgroup: false, log: () => undefined },
      {
        ...{ id: container.id, args: ['true'], env: [], tty: true, additionalGids: [] },
        ...{ capabilities: [], detach: false, preserveFds: 0, cgroups: [], ignorePaused: false },
        chooseFault: (known) => {
          plan = known;
          return chosen;
        },
      },
      { input, output, error: output },
    );
  } catch (thrown) {
    error = thrown;
  } finally {
    closeSync(output);
    closeSync(input);
  }
  return { steps: plan?.steps ?? [], error };
}

/** Ended and not reaped, too: one of them would keep the container's init from ending. */
function children(): string[] {
  const others = readdirSync('/proc/self/task').filter((thread) => Number(thread) !== process.pid);
  // The first thread comes last: it takes over the children of one that ends meanwhile.
  return [...others, `${process.pid}`].flatMap(childrenOfThread);
}

function childrenOfThread(thread: string): string[] {
  try {
    const text = readFileSync(`/proc/self/task/${thread}/children`, 'utf8');
    return text.split(' ').filter(Boolean);
  } catch (error) {
    // A thread of the addon that has waited for something, and ends when it has told so.
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return [];
    throw error;
  }
}

describe.each(Object.entries(CASES))('in a container with %s', (_, changes) => {
  test(
    'exec says which step failed, and leaves nothing behind, whichever sub-step fails',
    async () => {
      const container = await started(sandbox(), changes);
      const whole = await attempt(container);
      expect(whole.error).toBeUndefined();
      const files = readdirSync('/proc/self/fd').length;
      const processes = processesBelow(sandbox().cgroup);
      let failures = 0;
      for (const [index, { step }] of whole.steps.entries()) {
        const { actor, subSteps } = STEP_TABLE[step.kind];
        if (actor === 'runtime') continue;
        for (const [subStep, name] of subSteps.entries()) {
          const place = `${step.kind}.${name}`;
          // The runtime cannot reap a child that it was not told of.
          if (place === 'forkInit.report') continue;
          const { error } = await attempt(container, { step: index, subStep, errno: EIO });
          // A part that this process has no use for is not come to.
          if (error === undefined) continue;
          failures += 1;
          expect(error, place).toBeInstanceOf(RuntimeError);
          expect([place, (error as RuntimeError).code]).toEqual([place, 'EIO']);
          expect(children(), place).toEqual([]);
          expect(processesBelow(sandbox().cgroup), place).toEqual(processes);
          expect(readdirSync('/proc/self/fd').length, place).toBe(files);
        }
      }
      expect(failures).toBeGreaterThan(whole.steps.length);
    },
    LONG,
  );
});
