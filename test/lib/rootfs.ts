/** Root file systems for the containers of the tests. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const BUSYBOX = '/bin/busybox';
const EMPTY = ['proc', 'dev', 'sys', 'tmp', 'etc', 'mnt', 'data'];

let applets: readonly string[] | undefined;

/**
 * A shell and its tools: one static program under many names.
 *
 * @param folder is made
 */
export function makeBusyboxRootfs(folder: string): void {
  applets ??= execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const name of ['bin', ...EMPTY]) mkdirSync(join(folder, name), { recursive: true });
  chmodSync(join(folder, 'tmp'), 0o1777);
  // A copy, never a link: a container may write to what is its own.
  copyFileSync(BUSYBOX, join(folder, 'bin/busybox'));
  for (const name of applets) {
    if (name !== 'busybox') symlinkSync('busybox', join(folder, 'bin', name));
  }
}

/**
 * Nothing but one static program.
 *
 * @param folder is made
 * @param program name of a C file in test/lib/programs, which becomes /program
 */
export function makeStaticRootfs(folder: string, program: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(compile(program), join(folder, 'program'));
}

const compiled = new Map<string, string>();

/**
 * @param program name of a C file in test/lib/programs
 * @returns path of the static program made from it, once in this process
 */
export function compile(program: string): string {
  const known = compiled.get(program);
  if (known !== undefined && existsSync(known)) return known;
  const source = fileURLToPath(new URL(`programs/${program}.c`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'runts-test-programs-'));
  const target = join(folder, program);
  execFileSync('cc', ['-static', '-O1', '-Wall', '-Wextra', '-o', `${target}.new`, source]);
  renameSync(`${target}.new`, target);
  compiled.set(program, target);
  process.once('exit', () => execFileSync('rm', ['-rf', folder]));
  return target;
}
