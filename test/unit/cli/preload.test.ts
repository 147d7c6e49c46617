import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { parseSource } from '../../../scripts/architecture/parse.ts';

/* What the binary has evaluated before it is called: what src/preload.ts imports, and what that imports. */

const GENERATED = /\/generated\//;

function importsOf(path: string, kinds: readonly string[]): string[] {
  return parseSource(path, readFileSync(path, 'utf8'))
    .imports.filter(({ kind, specifier }) => kinds.includes(kind) && specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
    .filter((target) => !GENERATED.test(target));
}

/** All that an import of the modules evaluates. */
function evaluatedBy(...paths: string[]): Set<string> {
  const reached = new Set<string>();
  const left = [...paths];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    left.push(...importsOf(path, ['value']));
  }
  return reached;
}

test('what a command that engines call imports on its way has been evaluated before, but for what explains a failure', () => {
  const preloaded = evaluatedBy(...importsOf('src/preload.ts', ['lazy']));
  const commands = ['create', 'delete', 'exec', 'kill', 'list', 'run', 'start', 'state'];
  const missing = new Set<string>();
  for (const path of evaluatedBy(...commands.map((name) => `src/cli/${name}.ts`))) {
    for (const target of importsOf(path, ['lazy'])) {
      if (!preloaded.has(target)) missing.add(target);
    }
  }
  expect([...missing].sort()).toEqual([
    'src/cli/help.ts',
    'src/lifecycle/explain-death.ts',
    'src/lifecycle/salvage.ts',
    'src/plan/report.ts',
  ]);
});
