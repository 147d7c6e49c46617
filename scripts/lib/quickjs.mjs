// @ts-check
/** The source of QuickJS, the interpreter in the binary: one pinned version, downloaded once and kept in .cache. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { downloadFromArchive } from './archive.mjs';
import { runStep, StepError } from './console.mjs';

/** Of the source package `quickjs` of Debian 13. */
const TARBALL = 'quickjs_2025.04.26.orig.tar.xz';
const IN_ARCHIVE = `pool/main/q/quickjs/${TARBALL}`;
const SIZE = 580408;
const SHA256 = 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe';

/** Names a tarball that is at hand already, where there is no apt or no network. */
const VARIABLE = 'RUNTS_QUICKJS';

/**
 * QuickJS hashes objects by their addresses. Here they are hashed by their places in the region of the interpreter, so that
 * a snapshot of it (interpreter/snapshot.h) is the same in every process and holds wherever it is put.
 */
const CHANGED_FILE = 'quickjs.c';
const CHANGES = [
  {
    from: '#include "quickjs.h"\n',
    to:
      '#include "quickjs.h"\nextern const char *runts_region_begin;\n' +
      '#define runts_place(pointer) ((pointer) == NULL ? 0 : (uintptr_t)(pointer) - (uintptr_t)runts_region_begin)\n',
  },
  { from: 'shape_hash(1, (uintptr_t)proto)', to: 'shape_hash(1, runts_place(proto))' },
  {
    from: 'shape_hash(h, (uint64_t)(uintptr_t)proto >> 32)',
    to: 'shape_hash(h, (uint64_t)runts_place(proto) >> 32)',
  },
  {
    from: 'map_hash_pointer((uintptr_t)JS_VALUE_GET_PTR(key) ^ tag, hash_bits)',
    to: 'map_hash_pointer(runts_place(JS_VALUE_GET_PTR(key)) ^ tag, hash_bits)',
  },
];

/**
 * Leaves the unpacked source in a folder, in place of what was there.
 *
 * @param {string} folder
 * @throws {StepError}
 */
export async function unpackQuickJs(folder) {
  const tarball = await provideTarball();
  const unfinished = join(dirname(folder), `.quickjs.${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    // Dated now, so that objects made of another version are older than what they are made from.
    await runStep('QuickJS: unpacking', 'quickjs', 'tar', [
      '--extract',
      '--xz',
      `--file=${tarball}`,
      `--directory=${unfinished}`,
      '--strip-components=1',
      '--no-same-owner',
      '--touch',
    ]);
    change(join(unfinished, CHANGED_FILE));
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** @param {string} file */
function change(file) {
  let text = readFileSync(file, 'utf8');
  for (const { from, to } of CHANGES) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new StepError(`QuickJS: ${file} has not one place with ${from}`);
    text = parts.join(to);
  }
  writeFileSync(file, text);
}

/** @returns {Promise<string>} a tarball whose contents are the pinned ones */
async function provideTarball() {
  const kept = join('.cache', TARBALL);
  const given = process.env[VARIABLE] ?? '';
  if (given !== '') {
    const wrong = whatIsWrong(given);
    if (wrong !== undefined) throw new StepError(`${VARIABLE}=${given}: ${wrong}`);
    await replace(kept, async (file) => copyFileSync(given, file));
  }
  if (whatIsWrong(kept) !== undefined) await replace(kept, download);
  return kept;
}

/** @param {string} file that is written */
async function download(file) {
  try {
    await downloadFromArchive(IN_ARCHIVE, SHA256, file);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new StepError(
      `no source of QuickJS: ${error.message}; get ${IN_ARCHIVE} (SHA-256 ${SHA256}) ` +
        `from any mirror of Debian, and name it: ${VARIABLE}=FILE`,
    );
  }
}

/**
 * @param {string} kept
 * @param {(file: string) => Promise<void>} write
 */
async function replace(kept, write) {
  mkdirSync(dirname(kept), { recursive: true });
  const unfinished = `${kept}.${process.pid}`;
  try {
    await write(unfinished);
    const wrong = whatIsWrong(unfinished);
    if (wrong !== undefined) throw new StepError(`${TARBALL}, as it came: ${wrong}`);
    renameSync(unfinished, kept);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {string | undefined} how it differs from the pinned tarball
 */
function whatIsWrong(file) {
  if (!existsSync(file)) return 'no such file';
  const stat = statSync(file);
  if (!stat.isFile()) return 'not a file';
  if (stat.size !== SIZE) return `${stat.size} bytes, where ${TARBALL} has ${SIZE}`;
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  return sum === SHA256 ? undefined : `its SHA-256 is ${sum}, where ${TARBALL} has ${SHA256}`;
}
