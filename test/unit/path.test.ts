import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { basename, dirname, join, normalize, resolve } from '../../src/path.ts';

const PARTS = ['/', '/', '//', '.', '..', 'a', 'bc', '.hidden', '...', 'ä b', 'x.y'];

/** Every path of up to four parts, among them those that nobody would write. */
function somePaths(): string[] {
  let longest = [''];
  const all = [''];
  for (let length = 1; length <= 4; length++) {
    longest = longest.flatMap((path) => PARTS.map((part) => path + part));
    all.push(...longest);
  }
  return [...new Set(all)];
}

const paths = somePaths();
/** Of two paths, every pair would be too many. */
const pairs = paths.flatMap((path, index) =>
  [7, 1009, 5003].map((step): [string, string] => [
    path,
    paths[(index * step + 11) % paths.length] ?? '',
  ]),
);

describe('of every path, Node.js says the same as', () => {
  test.each([
    ['normalize', normalize, posix.normalize],
    ['dirname', dirname, posix.dirname],
    ['basename', basename, (path: string) => posix.basename(path)],
  ])('%s', (_name, ours, theirs) => {
    expect(paths.length).toBeGreaterThan(5000);
    expect(paths.filter((path) => ours(path) !== theirs(path))).toEqual([]);
  });

  test('join', () => {
    expect(
      pairs.filter(([folder, name]) => join(folder, name) !== posix.join(folder, name)),
    ).toEqual([]);
  });

  test('resolve', () => {
    const absolute = pairs.map(([from, path]): [string, string] => [`/${from}`, path]);
    expect(
      absolute.filter(([from, path]) => resolve(from, path) !== posix.resolve(from, path)),
    ).toEqual([]);
  });
});
