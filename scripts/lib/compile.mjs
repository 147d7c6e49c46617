// @ts-check
/** How Bun makes one file of TypeScript and the addon. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const ADDON = 'build/Release/runts.node';

/**
 * A program run as root must not take settings from the directory that it happens to be started in: that is what
 * the autoload options of Bun would do. They are switched off one by one, whatever their defaults become.
 */
const BUN_OPTIONS = [
  '--compile',
  '--bytecode',
  // One chunk for each command: a single one would load what all of them import before it does anything.
  '--splitting',
  '--format=esm',
  '--target=bun',
  '--minify-syntax',
  '--minify-whitespace',
  // A life of milliseconds is over before compiled code has paid for its compilation: a sixth of `run`, and 4 MB.
  '--compile-jit-policy=100',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
];

/**
 * @param {string} entry the module that the program begins with
 * @param {string} program the file to make
 * @param {string} commit that the sources are of
 * @returns {string[]} arguments for Bun; then comes {@link appendAddon}
 */
export function compileArguments(entry, program, commit) {
  const defines = { RUNTS_COMMIT: JSON.stringify(commit), RUNTS_ADDON_BYTES: statSync(ADDON).size };
  const options = Object.entries(defines).map(([name, value]) => `--define=${name}=${value}`);
  return ['build', entry, ...BUN_OPTIONS, ...options, `--outfile=${program}`];
}

/**
 * Makes the addon the end of a program, where src/syscalls/load-bun.ts takes it from.
 *
 * The whole is written anew and at once, which gives the page cache large folios: with them a start has 40 page faults
 * less and takes a sixth less time than with the many small writes of Bun, until the file is evicted.
 *
 * @param {string} program
 */
export function appendAddon(program) {
  const whole = Buffer.concat([readFileSync(program), readFileSync(ADDON)]);
  rmSync(program);
  writeFileSync(program, whole, { mode: 0o755 });
}
