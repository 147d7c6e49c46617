import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileCreate } from '../../../src/plan/compile.ts';
import { encodePlan } from '../../../src/plan/encode.ts';
import { keepPlan } from '../../../src/plan/kept.ts';
import { planToJson, printPlan } from '../../../src/plan/print.ts';
import { defaultSpec } from '../../../src/spec/default.ts';
import { checksum } from '../../../src/syscalls/identity.ts';
import { aContext, saveContainer } from '../lifecycle/a-container.ts';
import { temporaryDirectory } from '../lifecycle/temporary.ts';
import { inputFor } from '../plan/golden-plans.ts';
import { runCli } from './run-cli.ts';

const LONG = 60_000;

/** A bundle as `runts spec` makes it, without a root file system. */
function freshBundle(): string {
  const bundle = join(temporaryDirectory(), 'web');
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(defaultSpec()));
  return bundle;
}

describe('runts plan', () => {
  test(
    'of what runts spec writes shows steps, actors, origins, barriers, and then the warnings',
    async () => {
      const bundle = freshBundle();
      const { code, stdout, stderr } = await runCli('plan', '--bundle', bundle);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^ +\d+ runtime +makeCgroup .*<- config-linux\.md, Cgroups Path$/m);
      expect(stdout).toMatch(/^ +\d+ outer +forkInit .*<- \/linux\/namespaces\/0 /m);
      expect(stdout).toMatch(/^ +\d+ init +mountFilesystem target=\/proc .*<- \/mounts\/0$/m);
      expect(stdout).toMatch(/^ +\d+ init +-- barrier stage=ready /m);
      expect(stdout).toMatch(/ init +execute args=\[sh\] .*<- \/process\/args \/process\/env$/m);
      const missing = `config.json /root/path: open the root file system ${bundle}/rootfs: no such file or directory`;
      expect(stdout).toContain(`\nwarning: ${missing}: `);
      expect(stdout.indexOf('warning: ')).toBeGreaterThan(stdout.indexOf(' execute '));
    },
    LONG,
  );

  test(
    'gives programs the same as JSON, with the warnings',
    async () => {
      const { code, stdout } = await runCli('plan', '--json', '--bundle', freshBundle());
      expect(code).toBe(0);
      const { version, steps, warnings } = JSON.parse(stdout);
      expect(version).toBe(1);
      expect(steps.at(-1)).toMatchObject({
        kind: 'execute',
        actor: 'init',
        phase: 'execute',
        origin: { from: 'config', pointers: ['/process/args', '/process/env'] },
      });
      expect(warnings).toContainEqual(expect.stringContaining('/root/path'));
    },
    LONG,
  );

  test(
    'takes the id into account, and whether pivot_root is used',
    async () => {
      const args = ['--bundle', freshBundle(), '--id', 'db', '--no-pivot'];
      const { stdout } = await runCli('plan', ...args);
      expect(stdout).toMatch(/ sessionKeyring name=_ses\.db /);
      expect(stdout).toMatch(/ moveRoot /);
    },
    LONG,
  );

  test(
    'of a container is the plan by which it was made',
    async () => {
      const context = aContext();
      const { id } = await saveContainer(context);
      const { plan } = compileCreate(inputFor(defaultSpec()));
      writeFileSync(join(context.root, id, 'plan'), keepPlan(plan, encodePlan(plan), checksum));
      const { code, stdout } = await runCli('--root', context.root, 'plan', id);
      expect(code).toBe(0);
      expect(stdout).toBe(printPlan(plan));
      const forPrograms = await runCli('--root', context.root, 'plan', '--json', id);
      expect(JSON.parse(forPrograms.stdout)).toEqual({ ...planToJson(plan), warnings: [] });
    },
    LONG,
  );

  test(
    'of a container that is being made says that there is none yet',
    async () => {
      const context = aContext();
      const { id } = await saveContainer(context);
      const { code, stderr } = await runCli('--root', context.root, 'plan', id);
      expect(code).toBe(1);
      expect(stderr).toContain('there is no plan to read: the create of this container goes on');
    },
    LONG,
  );

  test(
    'of an unknown container says so',
    async () => {
      expect(await runCli('--root', '/nowhere', 'plan', 'web')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'runts: container does not exist\n',
      });
    },
    LONG,
  );

  test(
    'wants to know which of the two is meant',
    async () => {
      const { code, stderr } = await runCli('plan', '--bundle', '.', 'web');
      expect(code).toBe(1);
      expect(stderr).toBe(
        'runts: expected a container that exists, or --bundle (and --id), got both\n',
      );
    },
    LONG,
  );
});
