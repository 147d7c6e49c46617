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
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
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
