// @ts-check
/** The programs and libraries that come from the distribution. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { runStep, StepError } from './console.mjs';

/** @typedef {{ name: string, why: string, isThere: () => boolean }} DebianPackage */

/** What compiling takes. @type {readonly DebianPackage[]} */
export const BUILD_PACKAGES = [
  { name: 'g++', why: 'compiles the binary and the addon', isThere: () => onPath('g++') },
  { name: 'make', why: 'builds the binary and the addon', isThere: () => onPath('make') },
  { name: 'python3', why: 'node-gyp is written in it', isThere: () => onPath('python3') },
  {
    name: 'libseccomp-dev',
    why: 'compiles seccomp profiles; linked into the binary and the addon',
    isThere: () => existsSync('/usr/include/seccomp.h') && inLibraries('libseccomp.a'),
  },
  {
    name: 'libc6-dev',
    why: 'has the C library that is linked into the binary',
    isThere: () => inLibraries('libc.a'),
  },
  { name: 'xz-utils', why: 'unpacks the source of QuickJS', isThere: () => onPath('xz') },
];

/** What running a container in the demo and the tests takes. @type {readonly DebianPackage[]} */
export const CONTAINER_PACKAGES = [
  {
    name: 'busybox-static',
    why: 'is the root file system of the containers',
    isThere: () => onPath('busybox') && isStatic(find('busybox') ?? ''),
  },
  { name: 'util-linux', why: 'has unshare and nsenter', isThere: () => onPath('unshare') },
];

/** The engines that the tests drive. @type {readonly DebianPackage[]} */
export const ENGINE_PACKAGES = [
  { name: 'containerd', why: 'is an engine', isThere: () => onPath('containerd') && onPath('ctr') },
  { name: 'podman', why: 'is an engine', isThere: () => onPath('podman') && onPath('conmon') },
  { name: 'docker.io', why: 'is an engine', isThere: () => onPath('dockerd') },
  { name: 'catatonit', why: 'is the init of Podman', isThere: () => onPath('catatonit') },
];

/** What the benchmark measures, and by what. @type {readonly DebianPackage[]} */
export const BENCH_PACKAGES = [
  { name: 'runc', why: 'is a runtime to compare with', isThere: () => onPath('runc') },
  { name: 'crun', why: 'is a runtime to compare with', isThere: () => onPath('crun') },
  { name: 'hyperfine', why: 'measures times', isThere: () => onPath('hyperfine') },
  { name: 'time', why: 'measures memory', isThere: () => existsSync('/usr/bin/time') },
];

const NO_QUESTIONS = { env: { DEBIAN_FRONTEND: 'noninteractive' } };

/**
 * Installs what is missing, or names it when that is not possible here.
 *
 * @param {readonly DebianPackage[]} packages
 * @throws {StepError}
 */
export async function installDebianPackages(packages) {
  const missing = packages.filter((wanted) => !wanted.isThere());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const list = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
  const remedy = `as root: apt-get install ${names.join(' ')}`;
  if (!onPath('apt-get')) {
    throw new StepError(
      `missing: ${list}; there is no apt-get here: install the packages that your distribution has for them`,
    );
  }
  if (process.getuid?.() !== 0) throw new StepError(`missing: ${list}; ${remedy}`);
  try {
    await updateLists();
    const install = ['install', '--yes', '--no-install-recommends', ...names];
    await runStep(`apt-get install: ${list}`, 'apt-install', 'apt-get', install, NO_QUESTIONS);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new StepError(`missing: ${list}; ${error.message}`);
  }
  const still = missing.filter((wanted) => !wanted.isThere()).map(({ name }) => name);
  if (still.length > 0) {
    throw new StepError(`${still.join(', ')}: installed by apt-get, but not found where expected`);
  }
}

/**
 * Fetches anew what the configured archives have. Takes root.
 *
 * @throws {StepError}
 */
export function updateLists() {
  return runStep('apt-get update', 'apt-update', 'apt-get', ['update'], NO_QUESTIONS);
}

/**
 * @param {string} program
 * @returns {string | undefined} where PATH, or the folders of root's PATH, have it
 */
export function find(program) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
  ];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** @param {string} program */
const onPath = (program) => find(program) !== undefined;

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
function inLibraries(file) {
  const multiarch = readdirSync('/usr/lib').filter((name) => name.includes('-linux-'));
  return [...multiarch.map((name) => `/usr/lib/${name}`), '/usr/lib', '/usr/lib64'].some((folder) =>
    existsSync(join(folder, file)),
  );
}

const PT_INTERP = 3;

/**
 * Debian's `busybox` and `busybox-static` put a program at the same path; only the second runs in an empty root.
 *
 * @param {string} file a little-endian 64-bit ELF program
 */
function isStatic(file) {
  const elf = readFileSync(file);
  const headers = Number(elf.readBigUInt64LE(0x20));
  const size = elf.readUInt16LE(0x36);
  const count = elf.readUInt16LE(0x38);
  for (let i = 0; i < count; i++) {
    if (elf.readUInt32LE(headers + i * size) === PT_INTERP) return false;
  }
  return true;
}
