/** Every sub-step of every kind of step is made to fail: what is said, and what is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../src/error.ts';
import { makeContainer } from '../../../src/lifecycle/create.ts';
import { deleteContainer } from '../../../src/lifecycle/delete.ts';
import type { Context } from '../../../src/lifecycle/options.ts';
import { planOfContainer } from '../../../src/lifecycle/plan.ts';
import { startContainer } from '../../../src/lifecycle/start.ts';
import { type PlanJson, type PlanJsonStep, planToJson } from '../../../src/plan/print.ts';
import { STEP_TABLE } from '../../../src/plan/table.ts';
import { waitExitAsync } from '../../../src/syscalls/wait.ts';
import type { Changes, Section } from '../../lib/config.ts';
import type { Container } from '../../lib/container.ts';
import { useSharedSandbox } from '../../lib/sandbox.ts';

const EIO = 5;
const FILTER: Section = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['acct'], action: 'SCMP_ACT_ERRNO' }],
};
const MAPPING = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

/** Configurations that together have every kind of step which this kernel can do. */
const CASES: Readonly<Record<string, { readonly changes: Changes; readonly noPivot?: boolean }>> = {
  'a container with everything': {
    changes: {
      mounts: [
        {
          destination: '/data',
          type: 'bind',
          source: '/usr',
          options: ['rbind', 'ro', 'rro', 'rslave'],
        },
        {
          destination: '/full',
          type: 'tmpfs',
          source: 'tmpfs',
          options: ['tmpcopyup', 'private', 'size=64k'],
        },
        { destination: '/full', options: ['remount', 'size=128k', 'ro'] },
        { destination: '/data', source: '/usr', options: ['remount', 'bind', 'nosuid'] },
      ],
      hooks: {
        createContainer: [{ path: '/bin/true' }],
        startContainer: [{ path: '/bin/true' }],
      },
      namespaces: [{ type: 'time' }, { type: 'cgroup' }],
      top: { domainname: 'example' },
      root: { readonly: true },
      process: {
        env: ['PATH=/bin'],
        cwd: '/full',
        user: { uid: 1000, gid: 1000, additionalGids: [10] },
        oomScoreAdj: 100,
        noNewPrivileges: true,
        ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 5 },
        rlimits: [{ type: 'RLIMIT_CORE', soft: 1, hard: 2 }],
        capabilities: {
          bounding: ['CAP_KILL'],
          permitted: ['CAP_KILL'],
          effective: ['CAP_KILL'],
          inheritable: ['CAP_KILL'],
          ambient: ['CAP_KILL'],
        },
      },
      linux: {
        timeOffsets: { monotonic: { secs: 100 } },
        personality: { domain: 'LINUX' },
        rootfsPropagation: 'shared',
        sysctl: { 'net.ipv4.ip_forward': '1' },
        maskedPaths: ['/proc/keys', '/proc/acpi'],
        readonlyPaths: ['/proc/sys'],
        devices: [
          { path: '/dev/test', type: 'c', major: 1, minor: 3, fileMode: 0o640, uid: 1, gid: 2 },
        ],
        seccomp: FILTER,
      },
    },
  },
  'a container with a terminal and a user namespace': {
    changes: {
      mounts: [{ destination: '/data', type: 'bind', source: '/usr', options: ['rbind', 'ro'] }],
      namespaces: [{ type: 'user' }],
      process: { terminal: true, consoleSize: { height: 10, width: 20 } },
      linux: { uidMappings: MAPPING, gidMappings: MAPPING },
    },
  },
  'a container that moves its root': { changes: {}, noPivot: true },
  'a container in the mount namespace of the runtime': { changes: { without: ['mount'] } },
  'a container that joins a namespace': {
    changes: { namespaces: [{ type: 'uts', path: 'the test fills it in' }] },
  },
};

/** What no run of these configurations comes to: the reason for each. */
const UNREACHED: Readonly<Record<string, string>> = {
  'checkDirectory.chdir': 'root can enter the directory here, so it is not tried again as the user',
  'runHook.exec': 'told only of a hook that cannot be executed: lifecycle/hooks.test.ts',
  'runHook.timeout': 'told only of a hook that takes too long: lifecycle/hooks.test.ts',
  'seccomp.send': 'needs an agent: seccomp/seccomp.test.ts',
  'raiseRlimit.get':
    'no hard limit of these is above what the machine gives, which has no CAP_SYS_RESOURCE',
  'raiseRlimit.set': 'see raiseRlimit.get',
  'symlink.check': 'the links of the rootfs are not there yet',
  'makeDevice.mode': 'the node is new, and no umask is set',
  'enterNamespaces.enter': 'exec does it: exec/faults.test.ts',
  'enterNamespaces.dumpable': 'see enterNamespaces.enter',
  'enterCgroupNamespace.enter': 'see enterNamespaces.enter',
  'enterCgroupNamespace.dumpable': 'see enterNamespaces.enter',
  'useRoot.open': 'see enterNamespaces.enter',
  'execLabel.open': 'this kernel has no LSM that is enabled',
  'execLabel.check': 'see execLabel.open',
  'execLabel.write': 'see execLabel.open',
};

const sandbox = useSharedSandbox();
let neighbour: ChildProcess | undefined;

beforeAll(async () => {
  // Says something when it is in its namespace, and ends when its input does.
  neighbour = spawn('unshare', ['--uts', 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(neighbour.stdout as Readable, 'data');
});
afterAll(() => {
  neighbour?.stdin?.end();
});

function filledIn(changes: Changes): Changes {
  const namespaces = changes.namespaces?.map(({ type, path }) =>
    path === undefined ? { type } : { type, path: `/proc/${neighbour?.pid}/ns/${type}` },
  );
  return namespaces === undefined ? changes : { ...changes, namespaces };
}

function context(): Context {
  return { root: sandbox().root, systemdCgroup: false, log: () => undefined };
}

interface Outcome {
  readonly error: unknown;
  readonly at: 'create' | 'start' | 'nowhere';
}

/** Creates and starts a container with a fault, and deletes it. */
async function attempt(
  container: Container,
  noPivot: boolean,
  fault?: { step: number; subStep: number; errno: number },
): Promise<Outcome & { readonly plan: PlanJson | undefined }> {
  const { id, bundle } = container;
  // A new file each time: the container's user owns the last one.
  rmSync(join(bundle, 'output'), { force: true });
  const output = openSync(join(bundle, 'output'), 'w+');
  let plan: PlanJson | undefined;
  try {
    let pidfd: number;
    try {
      const options = { id, bundle, noPivot, noNewKeyring: false, preserveFds: 1 };
      const { init, held } = await makeContainer(context(), {
        ...options,
        stdio: [output, output, output],
        onTerminal: async (master) => closeSync(master),
        fault,
      });
      held.release();
      pidfd = init.pidfd;
    } catch (error) {
      return { error, at: 'create', plan };
    }
    plan = planToJson(planOfContainer(context(), id).plan);
    let outcome: Outcome = { error: undefined, at: 'nowhere' };
    try {
      await startContainer(context(), { id });
    } catch (error) {
      outcome = { error, at: 'start' };
    }
    await waitExitAsync(pidfd);
    closeSync(pidfd);
    await deleteContainer(context(), { id, force: true });
    return { ...outcome, plan };
  } finally {
    closeSync(output);
  }
}

const reached = new Set<string>();

describe.each(Object.entries(CASES))('%s', (_name, { changes, noPivot = false }) => {
  test('says which step failed and leaves nothing behind, whichever sub-step fails', async () => {
    const container = sandbox().container(filledIn(changes));
    mkdirSync(join(container.rootfs, 'full'));
    writeFileSync(join(container.rootfs, 'full/file'), 'content');
    const whole = await attempt(container, noPivot);
    expect(whole.error).toBeUndefined();
    const steps = whole.plan?.steps ?? [];
    const done = new Set<string>();
    for (const [index, step] of steps.entries()) {
      if (step.actor === 'runtime') continue;
      for (const [subStep, name] of STEP_TABLE[step.kind].subSteps.entries()) {
        const place = `${step.kind}.${name}`;
        if (done.has(place) || place in UNREACHED) continue;
        const { error, at } = await attempt(container, noPivot, {
          step: index,
          subStep,
          errno: EIO,
        });
        if (at === 'nowhere') continue;
        done.add(place);
        reached.add(place);
        expectExplained(error, step, place);
        const isLate = index > steps.findIndex(({ kind }) => kind === 'waitForStart');
        expect(at, place).toBe(isLate || step.kind === 'waitForStart' ? 'start' : 'create');
        expect(sandbox().leftovers(), place).toEqual([]);
      }
    }
  }, 240_000);
});

function expectExplained(error: unknown, { origin }: PlanJsonStep, place: string): void {
  expect(error, place).toBeInstanceOf(RuntimeError);
  if (place === 'waitForStart.accept') {
    // Without a connection there is nobody to tell.
    expect((error as RuntimeError).message).toMatch(/its init (ended|does not listen)/);
    return;
  }
  const { code, message, pointer } = error as RuntimeError;
  expect([place, code]).toEqual([place, 'EIO']);
  expect(message, place).toMatch(/EIO|input\/output error/i);
  expect(message, place).not.toContain('\n');
  if (origin.from !== 'config') {
    expect(pointer, place).toBeUndefined();
    return;
  }
  // Several places that asked together are told by the one that counts, or by what they have in common.
  const fits =
    origin.pointers.includes(pointer ?? '') ||
    origin.pointers.every((each) => each.startsWith(`${pointer}/`));
  expect([place, pointer, fits]).toEqual([place, pointer, true]);
}

test('the configurations above come to every sub-step but those with a reason', () => {
  const all = Object.entries(STEP_TABLE).flatMap(([kind, { actor, subSteps }]) =>
    actor === 'runtime' ? [] : subSteps.map((name) => `${kind}.${name}`),
  );
  expect(all.filter((place) => !reached.has(place)).sort()).toEqual(Object.keys(UNREACHED).sort());
});
