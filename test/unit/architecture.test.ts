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
      { 'src/cgroups/x.ts': "const [, , name] = process['argv'];" },
      'src/cgroups/x.ts:1: process.argv is for main and cli: return it or throw it to the caller',
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
      { 'src/syscalls/native.ts': 'const addon = process._linkedBinding;' },
      'src/syscalls/native.ts:1: process._linkedBinding: only src/syscalls/load-linked.ts loads the addon from the binary',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/cli/x.ts': "import { readFileSync } from 'node:fs';" },
      'src/cli/x.ts:1: node:fs is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/spec/x.ts': "const path = require('path');" },
      'src/spec/x.ts:1: path is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/lifecycle/x.ts': "const f = () => import('node:child_process');" },
      'src/lifecycle/x.ts:1: node:child_process is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/syscalls/files.ts': 'const size = Buffer.poolSize;' },
      'src/syscalls/files.ts:1: Buffer.poolSize is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/cli/x.ts': 'const input = () => process.stdin;' },
      'src/cli/x.ts:1: process.stdin is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/cgroups/x.ts': 'const twin = (value) => structuredClone(value);' },
      'src/cgroups/x.ts:1: structuredClone() is not in the binary: only src/syscalls/load-node.ts knows Node.js',
    ],
    [
      'only the loader for Node.js knows Node.js',
      { 'src/plan/x.ts': 'const place = new URL(text);' },
      'src/plan/x.ts:1: new URL is not in the binary: only src/syscalls/load-node.ts knows Node.js',
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
    'the loader for Node.js, what it is there for': {
      'src/syscalls/load-node.ts':
        "import { createRequire } from 'node:module';\nprocess.on('SIGINT', () => createRequire('/x'));",
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
