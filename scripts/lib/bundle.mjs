// @ts-check
/** How esbuild makes the modules in the binary: JavaScript that asks for nothing of Node.js's. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepError } from './console.mjs';

const STAND_INS = fileURLToPath(new URL('stand-ins.mjs', import.meta.url));
/** Of many failures alike the first few say what is wrong. */
const SHOWN = 8;

/**
 * @typedef {object} Modules
 * @property {string} entry name of the module that the program begins with
 * @property {string[]} others names of the rest, sorted
 */

/**
 * Bundles modules with all that they import into a folder, in place of what was there: one chunk for each command,
 * because a single one would load what all of them import before it does anything.
 *
 * @param {[string, ...string[]]} entries files of TypeScript: the one that the program begins with, and more that it can import
 * @param {string} folder
 * @param {string} commit that the sources are of
 * @returns {Promise<Modules>} names in the folder; they import each other as `./<name>`
 * @throws {StepError} naming what cannot be resolved or is no module of ours, and where it is imported
 */
export async function bundle([entry, ...more], folder, commit) {
  // Installed by the very script that imports this file.
  const esbuild = await import('esbuild');
  /** @type {import('esbuild').BuildOptions & { write: false, metafile: true }} */
  const options = {
    entryPoints: [entry, ...more],
    outdir: folder,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['interpreter'],
    mainFields: ['module', 'main'],
    target: 'es2023',
    // Names of functions and classes stay: they show in messages and stacks.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { RUNTS_COMMIT: JSON.stringify(commit) },
    plugins: [standIns],
    write: false,
    metafile: true,
    logLevel: 'silent',
  };
  const { outputFiles, metafile } = await esbuild.build(options).catch((failure) => {
    throw new StepError(explain(entry, failure));
  });
  const strangers = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => external).map(({ path }) => `${file}: imports ${path}`),
  );
  if (strangers.length > 0) throw new StepError(`not in the binary: ${list(strangers)}`);

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  const first = `${basename(entry).replace(/\.\w+$/, '')}.js`;
  const others = readdirSync(folder).filter((name) => name !== first);
  return { entry: first, others: others.sort() };
}

/** @type {import('esbuild').Plugin} */
const standIns = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/') ? { path: STAND_INS } : undefined,
    );
  },
};

/**
 * @param {string} entry
 * @param {unknown} failure what esbuild throws
 */
function explain(entry, failure) {
  if (!(failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors))) {
    return `${entry}: esbuild: ${failure}`;
  }
  /** @type {import('esbuild').Message[]} */
  const errors = failure.errors;
  const lines = errors.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}: ${text}`,
  );
  return `esbuild cannot bundle ${relative('.', entry)}: ${list(lines)}`;
}

/** @param {string[]} lines */
function list(lines) {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...new Set([...lines.slice(0, SHOWN), ...more])].join('; ');
}
