import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { execInContainer } from '../../../src/lifecycle/exec.ts';
import { cgroupsBelow, processesBelow } from '../../lib/cgroups.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { started } from './support.ts';

const sandbox = useSandbox();

const ROUNDS = 200;
const LONG = 120_000;

const openFiles = (): string[] => readdirSync('/proc/self/fd');
const children = (): string[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
const keyrings = (id: string): number =>
  readFileSync('/proc/keys', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`_ses.${id}:`)).length;

test(
  `${ROUNDS} programs in one container, by one process, leave nothing behind`,
  async () => {
    const container = await started(sandbox());
    const context = { root: sandbox().root, systemdCgroup: false, log: () => {} } as const;
    const streams = { input: 0, output: 1, error: 2 };
    const run = (args: readonly string[]) =>
      execInContainer(
        context,
        {
          ...{ id: container.id, args, env: [], tty: false, additionalGids: [], capabilities: [] },
          ...{ detach: false, preserveFds: 0, cgroups: [], ignorePaused: false },
        },
        streams,
      );
    await run(['true']);
    const before = {
      files: openFiles().length,
      children: children(),
      cgroups: cgroupsBelow(container.cgroup),
      processes: processesBelow(sandbox().cgroup),
      keyrings: keyrings(container.id),
    };
    for (let round = 0; round < ROUNDS; round++) {
      // One in ten fails, on all the ways on which something could be forgotten.
      if (round % 10 === 9)
        await expect(run(['nosuch'])).rejects.toThrow('executable file not found');
      else expect(await run(['true'])).toBe(0);
    }
    expect({
      files: openFiles().length,
      children: children(),
      cgroups: cgroupsBelow(container.cgroup),
      processes: processesBelow(sandbox().cgroup),
      keyrings: keyrings(container.id),
    }).toEqual(before);
  },
  LONG,
);
