/** Root file systems for the containers of the tests. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
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

/** Kept between runs; not in a temporary folder, because nobody would remove it when a run is cut off. */
const CACHE = fileURLToPath(new URL('../../.cache/test-programs/', import.meta.url));

/**
 * @param program name of a C file in test/lib/programs
 * @returns path of the static program made from it, made anew when the file has changed
 */
export function compile(program: string): string {
  const source = fileURLToPath(new URL(`programs/${program}.c`, import.meta.url));
  const print = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const target = join(CACHE, `${program}-${print}`);
  if (existsSync(target)) return target;
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${target}.${process.pid}`;
  execFileSync('cc', ['-static', '-O1', '-Wall', '-Wextra', '-o', fresh, source]);
  renameSync(fresh, target);
  return target;
}
