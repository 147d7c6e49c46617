// @ts-check
/**
 * What is made from the sources, in this order: generated code, the init helper, the addon for Node.js with the helper
 * inside, and the binary: QuickJS, the addon, the helper and the sources as bytecode in one program.
 * Each product is made only when something that it is made from has changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { bundle } from './lib/bundle.mjs';
import { runStep, StepError, say } from './lib/console.mjs';
import { fingerprint, isFresh, markFresh } from './lib/fingerprint.mjs';
import { unpackQuickJs } from './lib/quickjs.mjs';
import { withSnapshot } from './lib/snapshot.mjs';

/**
 * @typedef {object} Product
 * @property {string} name
 * @property {string} title what is made, and how long that usually takes
 * @property {string[]} inputs files and folders
 * @property {string[]} outputs files that are there afterwards
 * @property {boolean} [fromGenerated] generated files below the inputs count as well
 * @property {boolean} [fromCommit] the commit that the sources are of is in the product
 * @property {(product: Product) => Promise<void>} make
 */

/** @type {Product[]} */
const GENERATED = [
  {
    name: 'steps',
    title: 'code and documentation from the table of steps',
    inputs: [
      'scripts/generate-steps.ts',
      'src/plan/table.ts',
      'src/plan/stages.ts',
      'src/plan/steps',
    ],
    outputs: ['src/plan/generated/wire-shapes.ts', 'addon/init/generated/steps.h', 'docs/STEPS.md'],
    make: ({ title, name }) => runTypeScript(title, name, 'scripts/generate-steps.ts'),
  },
  {
    name: 'validator',
    title: 'validator from the schema of config.json',
    inputs: ['scripts/generate-validator.ts', 'src/spec', 'package-lock.json'],
    outputs: ['src/spec/generated/validator.js', 'src/spec/generated/names.js'],
    make: ({ title, name }) => runTypeScript(title, name, 'scripts/generate-validator.ts'),
  },
  {
    name: 'compiler-id',
    title: 'name of the seccomp compiler',
    inputs: ['src/seccomp', 'src/syscalls/seccomp.ts'],
    outputs: ['src/seccomp/generated/compiler-id.ts'],
    make: writeCompilerId,
  },
];

/** @type {Product[]} */
const NATIVE = [
  {
    name: 'helper',
    title: 'init helper (C++), some seconds',
    inputs: ['addon/init'],
    outputs: ['build/init/runts-init'],
    fromGenerated: true,
    make: ({ title, name }) =>
      runStep(title, name, 'make', ['-C', 'addon/init', `OUT=${resolve('build/init')}`]),
  },
  {
    name: 'addon',
    title: 'addon (C++), about half a minute from nothing',
    inputs: ['binding.gyp', 'addon', 'build/init/runts-init', 'package-lock.json'],
    outputs: ['build/Release/runts.node'],
    fromGenerated: true,
    // Never `rebuild`: it deletes build/, and with it the helper.
    make: ({ title, name }) =>
      runStep(title, name, 'node_modules/.bin/node-gyp', ['configure', 'build', ...nodeHeaders()]),
  },
];

/** Where the interpreter's Makefile leaves what it makes. */
const INTERPRETER = 'build/interpreter';
const COMPILER = `${INTERPRETER}/runts-compile`;

/** @type {Product[]} */
const BINARY = [
  {
    name: 'quickjs',
    title: 'QuickJS: source',
    inputs: ['scripts/lib/quickjs.mjs'],
    outputs: ['build/quickjs/quickjs.c'],
    make: () => unpackQuickJs('build/quickjs'),
  },
  {
    name: 'compiler',
    title: 'bytecode compiler (C, C++), about half a minute from nothing',
    inputs: ['interpreter', 'build/quickjs', 'package-lock.json'],
    outputs: [COMPILER],
    make: ({ title, name }) => makeInterpreter(title, name, 'compiler'),
  },
  {
    name: 'modules',
    title: 'bytecode of the sources',
    inputs: [
      'src',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'scripts/lib/bundle.mjs',
      'scripts/lib/stand-ins.mjs',
      COMPILER,
    ],
    outputs: ['build/modules.bin'],
    fromGenerated: true,
    fromCommit: true,
    make: ({ title, outputs: [file = ''] }) =>
      compileModules(title, ['src/main.ts', 'src/preload.ts'], file),
  },
  {
    name: 'binary',
    title: 'dist/runts (C++), some seconds',
    inputs: [
      'interpreter',
      'addon',
      'build/quickjs',
      'build/init/runts-init',
      'build/modules.bin',
      'scripts/lib/snapshot.mjs',
      'package-lock.json',
    ],
    outputs: ['dist/runts'],
    fromGenerated: true,
    make: makeBinary,
  },
];

/** @returns {string} the commit that the sources are of, for `--version`; `unknown` outside of a clone */
function commitId() {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--abbrev=40', '--dirty'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}

/**
 * @param {string} title
 * @param {string} name
 * @param {'compiler' | 'program'} target
 * @param {string[]} [variables] of make
 */
function makeInterpreter(title, name, target, variables = []) {
  const folders = {
    OUT: INTERPRETER,
    QUICKJS: 'build/quickjs',
    NODE_API: 'node_modules/node-api-headers/include',
  };
  const all = Object.entries(folders).map(([variable, folder]) => `${variable}=${resolve(folder)}`);
  const jobs = `-j${availableParallelism()}`;
  return runStep(title, name, 'make', ['-C', 'interpreter', jobs, ...all, ...variables, target]);
}

/**
 * @param {string} title
 * @param {[string, ...string[]]} entries the module that the program begins with
 * @param {string} file of bytecode that is made; the modules stay beside it, in a folder
 */
async function compileModules(title, entries, file) {
  const folder = file.replace(/\.bin$/, '');
  const { entry: first, others } = await bundle(entries, folder, commitId());
  // It takes their names as they are given, and those are what the modules import each other by.
  const args = [resolve(file), first, ...others];
  await runStep(title, 'modules', resolve(COMPILER), args, { cwd: folder });
}

/** @param {Product} product */
async function makeBinary({ title, name, outputs: [file = ''] }) {
  const variables = [
    `HELPER=${resolve('build/init/runts-init')}`,
    `MODULES=${resolve('build/modules.bin')}`,
  ];
  await makeInterpreter(title, name, 'program', variables);
  mkdirSync(dirname(file), { recursive: true });
  // Replaced by rename, so that a container that is being started never meets half a binary. Written at once, which
  // gives the page cache large folios: a start has fewer page faults than with what a linker writes piece by piece.
  const unfinished = join(dirname(file), `.runts.${process.pid}`);
  const whole = withSnapshot(`${INTERPRETER}/runts`, `${INTERPRETER}/regions`);
  try {
    writeFileSync(unfinished, whole, { mode: 0o755 });
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * Filters that another compiler has made are not reused (src/lifecycle/seccomp-entry.ts).
 *
 * @param {Product} product
 */
async function writeCompilerId({ inputs, outputs: [file = ''] }) {
  const id = fingerprint(inputs, [], (path) => !path.includes('/generated/'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `// Written by scripts/build.mjs; not for editing.\nexport const COMPILER_ID = '${id}';\n`,
  );
}

/**
 * @param {string} title
 * @param {string} name
 * @param {string} script
 */
function runTypeScript(title, name, script) {
  return runStep(title, name, process.execPath, ['--import', 'tsx', script]);
}

/**
 * The headers that came with this Node.js, where they did, so that node-gyp has nothing to download.
 *
 * @returns {string[]} arguments for node-gyp
 */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const version = join(prefix, 'include/node/node_version.h');
  if (!existsSync(version)) return [];
  const text = readFileSync(version, 'utf8');
  const [major, minor] = process.versions.node.split('.');
  const same =
    text.includes(`#define NODE_MAJOR_VERSION ${major}\n`) &&
    text.includes(`#define NODE_MINOR_VERSION ${minor}\n`);
  return same ? [`--nodedir=${prefix}`] : [];
}

/** @typedef {'generated' | 'native' | 'binary'} ProductGroup */

/** @type {Record<ProductGroup, Product[]>} */
const PRODUCTS = { generated: GENERATED, native: NATIVE, binary: BINARY };

/**
 * @param {ProductGroup} group
 * @param {boolean} [force] also what is up to date
 * @throws {StepError}
 */
export async function build(group, force = false) {
  for (const product of PRODUCTS[group]) await buildOne(product, force);
}

/**
 * @param {Product} product
 * @param {boolean} force
 */
async function buildOne(product, force) {
  const { name, title, inputs, outputs, fromGenerated = false, fromCommit = false } = product;
  const absent = inputs.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    say(`setup: ${title}: left out, there is no ${absent.join(' and no ')}`);
    return;
  }
  /** @param {string} path */
  const counts = (path) => fromGenerated || !path.includes('/generated/');
  const commit = fromCommit ? [commitId()] : [];
  const print = fingerprint(inputs, [process.version, process.arch, ...commit], counts);
  if (!force && outputs.every((path) => existsSync(path)) && isFresh(name, print)) return;
  await product.make(product);
  const unmade = outputs.filter((path) => !existsSync(path));
  if (unmade.length > 0) throw new StepError(`${title}: did not make ${unmade.join(' and ')}`);
  markFresh(name, print);
}
