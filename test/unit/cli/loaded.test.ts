import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { aContext, saveContainer } from '../lifecycle/a-container.ts';

const LONG = 60_000;

/** @returns the files of src/ that a call loads, and modules of packages and of Node.js */
function loadedBy(...args: string[]): string[] {
  // The loader tells of each import that it resolves; what is imported lazily and never reached is not among them.
  const hooks = `
    import { writeSync } from 'node:fs';
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      writeSync(2, 'loads ' + resolved.url + '\\n');
      return resolved;
    }`;
  const start = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`;
  const { stderr } = spawnSync(
    process.execPath,
    [...['--import', 'tsx', '--import', asUrl(start)], 'src/main.ts', ...args],
    { encoding: 'utf8' },
  );
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('loads '))
    .map((line) =>
      line
        .replace('loads ', '')
        .replace(/^.*\/(src|node_modules)\//, '$1/')
        .replace(/\?.*$/, ''),
    );
}

const asUrl = (script: string) => `data:text/javascript,${encodeURIComponent(script)}`;

describe('what a call loads', () => {
  /** A root with a container that has stopped. */
  async function someRoot(): Promise<string> {
    const context = aContext();
    await saveContainer(context);
    return context.root;
  }

  test.each([
    ['state', ['state', 'web']],
    ['kill', ['kill', 'web']],
    ['delete', ['delete', '--force', 'web']],
    ['list', ['list']],
  ])(
    '%s: neither the validator nor the plan nor commander',
    async (name, args) => {
      const loaded = loadedBy('--root', await someRoot(), ...args);
      expect(loaded).toContain(`src/cli/${name}.ts`);
      expect(loaded.filter((file) => /^src\/(spec|plan|seccomp)\/|commander/.test(file))).toEqual(
        [],
      );
      const others = /^src\/cli\/(create|run|features|help)\.ts$/;
      expect(loaded.filter((file) => others.test(file))).toEqual([]);
    },
    LONG,
  );

  test.each([
    ['state', ['state', 'web']],
    ['kill', ['kill', 'web']],
    ['delete', ['delete', '--force', 'web']],
    ['list', ['list']],
    ['start', ['start', 'web']],
    ['run', ['run', '--bundle', '/nowhere', 'other']],
    ['exec', ['exec', 'web', 'true']],
    ['ps', ['ps', 'web']],
    ['check', ['check']],
    ['completion', ['completion', 'bash']],
    ['spec', ['spec', '--bundle', '/nowhere']],
  ])(
    '%s: of Node.js, what its loader takes to load the addon, and no package',
    async (name, args) => {
      const loaded = loadedBy('--root', await someRoot(), ...args);
      expect(loaded).toContain(`src/cli/${name}.ts`);
      expect(loaded).toContain('src/syscalls/load-node.ts');
      expect(new Set(loaded.filter((file) => !file.startsWith('src/')))).toEqual(
        new Set(['node:module']),
      );
    },
    LONG,
  );
});
