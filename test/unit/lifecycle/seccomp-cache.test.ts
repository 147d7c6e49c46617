import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { isId } from '../../../src/lifecycle/ids.ts';
import type { Context } from '../../../src/lifecycle/options.ts';
import { findFilter, SECCOMP_CACHE } from '../../../src/lifecycle/seccomp-cache.ts';
import { encodeEntry } from '../../../src/lifecycle/seccomp-entry.ts';
import { keepFilter, MOST_ENTRIES } from '../../../src/lifecycle/seccomp-keep.ts';
import { openStore } from '../../../src/lifecycle/store.ts';
import type { CompiledSeccomp } from '../../../src/seccomp/compile.ts';
import { lockFile } from '../../../src/syscalls/lock.ts';
import { temporaryDirectory } from './temporary.ts';

const isRoot = process.geteuid?.() === 0;

const KEY = 'a key';

const filterOf = (byte: number): CompiledSeccomp => ({
  filter: new Uint8Array(16).fill(byte),
  flags: 4,
  notify: false,
  warnings: ['mind the gap'],
});

/** A root with one filter in its cache, unless it is said to be empty. */
function aCache({ empty = false } = {}) {
  const root = temporaryDirectory();
  const debug: string[] = [];
  const context: Context = {
    root,
    systemdCgroup: false,
    log: (level, message) => {
      expect(level).toBe('debug');
      debug.push(message);
    },
  };
  if (!empty) keepFilter(context, KEY, filterOf(1));
  const directory = join(root, SECCOMP_CACHE);
  const [name = ''] = empty ? [] : readdirSync(directory);
  return {
    ...{ root, context, directory, debug, entry: join(directory, name) },
    find: (key = KEY) => findFilter(context, key)?.filter[0],
    keep: (byte: number, key = KEY) => keepFilter(context, key, filterOf(byte)),
  };
}

describe('a filter', () => {
  test('is found under its key, by everybody, once it is kept', () => {
    const cache = aCache({ empty: true });
    expect(cache.find()).toBeUndefined();
    expect(existsSync(cache.directory)).toBe(false);
    cache.keep(1);
    expect(cache.find()).toBe(1);
    expect(findFilter(cache.context, KEY)?.warnings).toEqual(['mind the gap']);
    expect(cache.find('another key')).toBeUndefined();
    expect(cache.debug).toEqual([]);
  });

  test('lies in files that only their owner can read, and is no container', () => {
    const { root, directory, entry } = aCache();
    expect(statSync(directory).mode & 0o7777).toBe(0o700);
    expect(statSync(entry).mode & 0o7777).toBe(0o600);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(isId(SECCOMP_CACHE)).toBe(false);
    expect(openStore(root).list()).toEqual([]);
  });

  test('of another key that has the same name is not taken for it', () => {
    const cache = aCache();
    writeFileSync(cache.entry, encodeEntry('b key', filterOf(2)));
    expect(cache.find()).toBeUndefined();
    cache.keep(1);
    expect(cache.find()).toBe(1);
    expect(readdirSync(cache.directory)).toHaveLength(1);
  });
});

describe('an entry is not read, and is replaced, where', () => {
  const spoil: Record<string, (entry: string) => void> = {
    'it is empty': (entry) => writeFileSync(entry, ''),
    'it is damaged': (entry) => writeFileSync(entry, readFileSync(entry).fill(0, 40)),
    'it is too large': (entry) => writeFileSync(entry, Buffer.alloc(1 << 20)),
    'others can write to it': (entry) => chmodSync(entry, 0o620),
    'it is a symbolic link': (entry) => {
      renameSync(entry, `${entry}.there`);
      symlinkSync(`${entry}.there`, entry);
    },
    'it is a FIFO': (entry) => {
      rmSync(entry);
      execFileSync('mkfifo', ['-m', '600', entry]);
    },
    'it belongs to another user': (entry) => chownSync(entry, 12345, 0),
  };

  test.for(Object.entries(spoil))('%s', ([why, change], { skip }) => {
    skip(why.includes('another user') && !isRoot, 'only root can give a file away');
    const cache = aCache();
    change(cache.entry);
    expect(cache.find()).toBeUndefined();
    cache.keep(3);
    expect(cache.find()).toBe(3);
    expect(statSync(cache.entry).mode & 0o7777).toBe(0o600);
  });
});

describe('a directory is not used, and the debug log says why, where', () => {
  const spoil: Record<string, [RegExp, (directory: string) => void]> = {
    'the group can write to it': [/others can write/, (path) => chmodSync(path, 0o770)],
    'all can write to it': [/others can write/, (path) => chmodSync(path, 0o1777)],
    'it is a symbolic link to a good one': [
      /ENOTDIR|ELOOP/,
      (path) => {
        renameSync(path, `${path}.there`);
        symlinkSync(`${path}.there`, path);
      },
    ],
    'it is a file': [
      /ENOTDIR/,
      (path) => {
        rmSync(path, { recursive: true });
        writeFileSync(path, '');
      },
    ],
    'it belongs to another user': [/another user \(12345\)/, (path) => chownSync(path, 12345, 0)],
  };

  test.for(Object.entries(spoil))('%s', ([why, [reason, change]], { skip }) => {
    skip(why.includes('another user') && !isRoot, 'only root can give a directory away');
    const cache = aCache();
    change(cache.directory);
    const before = statSync(cache.directory);
    expect(cache.find()).toBeUndefined();
    cache.keep(3);
    expect(cache.debug).toEqual([
      expect.stringMatching(/^no seccomp filter is reused: /),
      expect.stringMatching(/^the seccomp filter is not kept: /),
    ]);
    for (const line of cache.debug) expect(line).toMatch(reason);
    expect(statSync(cache.directory).mtimeMs).toBe(before.mtimeMs);
  });
});

describe('keeping a filter fails silently where', () => {
  test.each(['/proc', '/nonexistent/root', '/dev/null'])('the root is %s', (root) => {
    const lines: string[] = [];
    const log = (level: string, message: string) => void lines.push(`${level}: ${message}`);
    const context: Context = { root, systemdCgroup: false, log };
    keepFilter(context, KEY, filterOf(1));
    expect(findFilter(context, KEY)).toBeUndefined();
    expect(lines[0]).toMatch(/^debug: the seccomp filter is not kept: /);
  });

  test('somebody else keeps one: nobody waits for that', () => {
    const cache = aCache();
    const directory = openSync(cache.directory, 'r');
    lockFile(directory);
    cache.keep(2);
    expect(cache.find()).toBe(1);
    closeSync(directory);
    cache.keep(2);
    expect(cache.find()).toBe(2);
    expect(cache.debug).toEqual([]);
  });

  test('it is larger than is worth keeping', () => {
    const cache = aCache({ empty: true });
    const key = 'k'.repeat(128 * 1024);
    cache.keep(1, key);
    expect(cache.find(key)).toBeUndefined();
    expect(existsSync(cache.directory)).toBe(false);
  });
});

test('what a writer left that was killed is gone after the next one', () => {
  const cache = aCache();
  writeFileSync(join(cache.directory, 'unfinished'), 'half a fil', { mode: 0o400 });
  cache.keep(2, 'another key');
  expect(readdirSync(cache.directory)).toHaveLength(2);
  expect(readdirSync(cache.directory)).not.toContain('unfinished');
});

test('there are never more entries than the bound, and the oldest go first', () => {
  const cache = aCache({ empty: true });
  const key = (index: number) => `key ${index}`;
  const age = (seconds: number) => {
    for (const name of readdirSync(cache.directory)) {
      const path = join(cache.directory, name);
      const { mtimeMs } = statSync(path);
      utimesSync(path, 0, mtimeMs / 1000 - seconds);
    }
  };
  for (let index = 0; index < MOST_ENTRIES + 3; index += 1) {
    cache.keep(index % 200, key(index));
    age(1);
    expect(readdirSync(cache.directory).length).toBe(Math.min(index + 1, MOST_ENTRIES));
  }
  const found = Array.from({ length: MOST_ENTRIES + 3 }, (_, index) => cache.find(key(index)));
  expect(found.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(found.slice(3)).toEqual(found.slice(3).map((_, index) => index + 3));
  cache.keep(100, key(50));
  expect(cache.find(key(3))).toBe(3);
  expect(cache.find(key(50))).toBe(100);
});
