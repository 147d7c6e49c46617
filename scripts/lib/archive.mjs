// @ts-check
/**
 * Files of Debian's archive, from wherever apt gets its packages: the project names no host.
 * It is apt that downloads, so its proxies and time-outs hold here too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { runProgram, StepError, say } from './console.mjs';
import { updateLists } from './debian.mjs';

const APT_HELPER = '/usr/lib/apt/apt-helper';
const MIRROR_LIST = 'mirror+file:';
/** Of one address; a file that is not there will not be there the next time either. */
const ATTEMPTS = 2;

/**
 * @param {string} path below the archive's base
 * @param {string} sha256 hexadecimal
 * @param {string} file that is written; it may be half of one after a failure
 * @throws {StepError} one line with everything that was tried
 */
export async function downloadFromArchive(path, sha256, file) {
  if (!existsSync(APT_HELPER)) throw new StepError(`there is no ${APT_HELPER} here`);
  const bases = await findBases();
  if (bases.length === 0) throw new StepError("apt's sources have no Debian archive by http(s)");
  const failures = [];
  for (const base of bases) {
    const failure = await downloadOne(new URL(path, base).href, sha256, file);
    if (failure === undefined) return;
    failures.push(failure);
  }
  throw new StepError(failures.join('; '));
}

/**
 * @param {string} uri
 * @param {string} sha256
 * @param {string} file
 * @returns {Promise<string | undefined>} why it failed
 */
async function downloadOne(uri, sha256, file) {
  const log = '.cache/logs/apt-download.log';
  say(`setup: download of ${uri} …`);
  for (let attempt = 1; ; attempt++) {
    const { code, how } = await runProgram(
      APT_HELPER,
      ['-q', 'download-file', uri, file, `SHA256:${sha256}`],
      { log, env: { LC_ALL: 'C' } },
    );
    if (code === 0) return undefined;
    const [reason = how] = readFileSync(log, 'utf8').match(/(?<=^E: ).*$/m) ?? [];
    if (attempt < ATTEMPTS && !reason.includes('404')) continue;
    return `${uri}: ${reason.replace(`Failed to fetch ${uri}`, '').trim()}`;
  }
}

/** @returns {Promise<string[]>} addresses that end in a slash */
async function findBases() {
  const targets = listTargets();
  if (targets.some(isDebian)) return basesOf(targets);
  // Images of containers come without lists, and only these say whose archive it is.
  if (process.getuid?.() !== 0) {
    throw new StepError('apt does not know its archives yet (as root: apt-get update)');
  }
  await updateLists();
  return basesOf(listTargets());
}

/** @typedef {{ base: string, origin: string, label: string }} Target */

/** @returns {Target[]} what apt is configured to fetch */
function listTargets() {
  const format = '$(REPO_URI)\t$(ORIGIN)\t$(LABEL)';
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', format], {
    encoding: 'utf8',
  });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [base = '', origin = '', label = ''] = line.split('\t');
    return base === '' ? [] : [{ base, origin, label }];
  });
}

/**
 * Security updates are labelled `Debian-Security`, and are in an archive of their own.
 *
 * @param {Target} target
 */
const isDebian = ({ origin, label }) => origin === 'Debian' && label === 'Debian';

/** @param {Target[]} targets */
function basesOf(targets) {
  const bases = targets.filter(isDebian).flatMap(({ base }) => {
    // Images for virtual machines name a file of mirrors (apt-transport-mirror(1)).
    if (!base.startsWith(MIRROR_LIST)) return [base];
    const list = base.slice(MIRROR_LIST.length).replace(/\/$/, '');
    return existsSync(list) ? readFileSync(list, 'utf8').split('\n').map(firstWord) : [];
  });
  const usable = bases.filter((base) => /^https?:/.test(base));
  return [...new Set(usable.map((base) => base.replace(/\/*$/, '/')))];
}

/** @param {string} line */
const firstWord = (line) => line.trim().split(/\s/)[0] ?? '';
