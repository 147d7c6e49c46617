// @ts-check
/** Knows whether a product is newer than what it was made from: by content, so that a checkout does not rebuild. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {readonly string[]} paths files and folders; what does not exist counts as absent
 * @param {readonly string[]} [extra] anything else that the product depends on: versions, flags
 * @param {(path: string) => boolean} [keep] which of the files found below a folder count
 * @returns {string} hash of names and contents
 */
export function fingerprint(paths, extra = [], keep = () => true) {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const file of paths.flatMap(filesBelow).filter(keep)) {
    const content = readFileSync(file);
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} the files below it, sorted
 */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}

/** @param {string} name */
const stampFile = (name) => join('.cache/stamps', name);

/**
 * @param {string} name of the product
 * @param {string} print
 */
export function isFresh(name, print) {
  try {
    return readFileSync(stampFile(name), 'utf8') === print;
  } catch {
    return false;
  }
}

/**
 * @param {string} name of the product
 * @param {string} print
 */
export function markFresh(name, print) {
  mkdirSync('.cache/stamps', { recursive: true });
  writeFileSync(stampFile(name), print);
}
