import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSource, type SourceFile } from '../../scripts/architecture/parse.ts';
import { RULES } from '../../scripts/architecture/rules.ts';

const sourcePaths = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => join('src', path))
  .filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/generated/'),
  );
const sources = sourcePaths.map((path) => parseSource(path, readFileSync(path, 'utf8')));

describe('the sources', () => {
  test.each(Object.entries(RULES))('%s', (_name, rule) => {
    expect(rule(sources)).toEqual([]);
  });
});

/** Files of a made-up tree, by path. */
function tree(files: Record<string, string>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => parseSource(path, text));
}

function complaints(rule: string, files: Record<string, string>): string[] {
  const check = RULES[rule];
  if (check === undefined) throw new Error(`no rule '${rule}'`);
  return check(tree(files));
}

describe('a breach is noticed:', () => {
  const breaches: readonly [rule: string, files: Record<string, string>, complaint: string][] = [
    [
      'every file belongs to a part that has a place',
      { 'src/helpers/x.ts': '' },
      "src/helpers/x.ts: 'helpers' is no part of src/: give it a level in LEVELS",
    ],
    [
      'imports point downwards',
      { 'src/syscalls/x.ts': "\nimport { create } from '../lifecycle/create.ts';" },
      'src/syscalls/x.ts:2: syscalls must not import lifecycle (../lifecycle/create.ts)',
    ],
    [
      'imports point downwards',
      { 'src/syscalls/x.ts': "import type { Create } from '../lifecycle/create.ts';" },
      'src/syscalls/x.ts:1: syscalls must not import lifecycle (../lifecycle/create.ts)',
    ],
    [
      'imports point downwards',
      { 'src/plan/x.ts': "export { defaultSpec } from '../spec/default.ts';" },
      'src/plan/x.ts:1: plan must not import spec (../spec/default.ts)',
    ],
    [
      'imports point downwards',
      { 'src/error.ts': "await import('./spec/types.ts');" },
      'src/error.ts:1: error must not import spec (./spec/types.ts)',
    ],
    [
      'relative imports stay in src and carry their ending',
      { 'src/cli/x.ts': "import '../../scripts/build.mjs';" },
      'src/cli/x.ts:1: ../../scripts/build.mjs lies outside of src',
    ],
    [
      'relative imports stay in src and carry their ending',
      { 'src/cli/x.ts': "import './run';" },
      'src/cli/x.ts:1: ./run has no ending',
    ],
    [
      'a pure part does no I/O',
      { 'src/plan/x.ts': "import { readFileSync } from 'node:fs';" },
      'src/plan/x.ts:1: plan is pure: not with node:fs',
    ],
    [
      'a pure part does no I/O',
      { 'src/spec/x.ts': "const fs = require('fs');" },
      'src/spec/x.ts:1: spec is pure: not with fs',
    ],
    [
      'a pure part does no I/O',
      { 'src/plan/x.ts': "import { memfd } from '../syscalls/memfd.ts';" },
      'src/plan/x.ts:1: plan is pure: not with ../syscalls/memfd.ts',
    ],
    [
      'a pure part asks no clock and no chance',
      { 'src/plan/x.ts': 'const now = Date.now();' },
      'src/plan/x.ts:1: plan is pure: not with Date.now',
    ],
    [
      'only the command line prints, exits and reads its arguments',
      { 'src/lifecycle/x.ts': 'const f = () => {\n  process.exit(1);\n};' },
      'src/lifecycle/x.ts:2: process.exit is for main and cli: return it or throw it to the caller',
    ],
    [
      'only the command line prints, exits and reads its arguments',
      { 'src/cgroups/x.ts': "console['log'](1);" },
      'src/cgroups/x.ts:1: console.log is for main and cli: return it or throw it to the caller',
    ],
    [
      'nothing loads what is slow to load',
      { 'src/cli/x.ts': "import { readFileSync } from 'node:fs';" },
      'src/cli/x.ts:1: node:fs is slow to load: src/syscalls/files.ts does its work',
    ],
    [
      'only src/syscalls loads native code',
      { 'src/seccomp/x.ts': "import a from '../../build/Release/runts.node';" },
      'src/seccomp/x.ts:1: ../../build/Release/runts.node: only src/syscalls loads the addon',
    ],
    [
      'only src/syscalls loads native code',
      { 'src/cgroups/x.ts': "import { loadAddon } from '#load-addon';" },
      'src/cgroups/x.ts:1: #load-addon: only src/syscalls loads the addon',
    ],
    [
      'only src/syscalls loads native code',
      { 'src/lifecycle/x.ts': "process.dlopen(module, '/x');" },
      'src/lifecycle/x.ts:1: process.dlopen: only src/syscalls loads the addon',
    ],
    [
      'one module of src/syscalls, and no other, knows Bun',
      {
        'src/syscalls/a.ts': "import { dlopen } from 'bun:ffi';",
        'src/syscalls/b.ts': "Bun.file('/x');",
      },
      'src/syscalls/b.ts:1: speaks to Bun, which src/syscalls/a.ts does for all',
    ],
    [
      'one module of src/syscalls, and no other, knows Bun',
      { 'src/cli/a.ts': "import { file } from 'bun';" },
      'src/cli/a.ts:1: speaks to Bun, which one module of src/syscalls does for all',
    ],
    [
      'a package is loaded by one part',
      { 'src/lifecycle/x.ts': "import { Command } from 'commander';" },
      'src/lifecycle/x.ts:1: commander is loaded by cli alone',
    ],
    [
      'a package is loaded by one part',
      { 'src/spec/x.ts': "import { Ajv } from 'ajv';" },
      'src/spec/x.ts:1: ajv is no dependency that the product may load',
    ],
    [
      'no module keeps state between calls',
      { 'src/lifecycle/x.ts': 'export let count = 0;' },
      'src/lifecycle/x.ts:1: count can change between calls: pass it, or make it a constant',
    ],
    [
      'no file imports itself through others',
      {
        'src/cli/a.ts': "import './b.ts';",
        'src/cli/b.ts': "import './c.ts';",
        'src/cli/c.ts': "import './a.ts';",
      },
      'src/cli/a.ts → src/cli/b.ts → src/cli/c.ts → src/cli/a.ts',
    ],
    [
      'the commands that engines call often load neither validator nor plan',
      {
        'src/cli/kill.ts': "import '../lifecycle/kill.ts';",
        'src/lifecycle/kill.ts': "import '../spec/validate.ts';",
        'src/spec/validate.ts': '',
      },
      'src/cli/kill.ts loads src/spec/validate.ts: src/cli/kill.ts → src/lifecycle/kill.ts → src/spec/validate.ts',
    ],
    [
      'no file is too long to be read',
      { 'src/cli/x.ts': '\n'.repeat(401) },
      'src/cli/x.ts: 401 lines, at most 400',
    ],
  ];

  test.each(breaches)('%s (%#)', (rule, files, complaint) => {
    expect(complaints(rule, files)).toEqual([complaint]);
  });

  test('every rule has a breach here', () => {
    expect(new Set(breaches.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });
});

describe('what is allowed is not complained about:', () => {
  const allowed: Record<string, Record<string, string>> = {
    'types between neighbours': {
      'src/plan/x.ts': "import type { Spec } from '../spec/types.ts';",
      'src/cgroups/x.ts': "export type { Spec } from '../spec/types.ts';",
    },
    'the configuration has members that are called like those of Node.js': {
      'src/plan/x.ts':
        'export const f = ({ process }) => [process.cwd, process.env, process.args];',
    },
    'the reader of the configuration reads it': {
      'src/spec/read.ts': "import { readFile } from '../syscalls/files.ts';",
    },
    'what is in comments and strings': {
      'src/plan/x.ts':
        '// console.log(Date.now())\nexport const t = "import \'node:fs\'"; /* let x */',
    },
    'what is loaded later costs nothing before': {
      'src/cli/state.ts': "export const f = () => import('../spec/validate.ts');",
      'src/spec/validate.ts': '',
    },
    'constants and local variables': {
      'src/plan/x.ts': 'const A = 1;\nexport function f() { let b = A; b += 1; return b; }',
    },
    'the error class from everywhere': {
      'src/plan/x.ts': "import { RuntimeError } from '../error.ts';",
      'src/main.ts': "import { RuntimeError } from './error.ts';",
    },
  };

  test.each(Object.entries(allowed))('%s', (_name, files) => {
    expect(Object.values(RULES).flatMap((rule) => rule(tree(files)))).toEqual([]);
  });
});
