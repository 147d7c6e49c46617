import { describe, expect, test } from 'vitest';
import {
  MOUNT_ATTR,
  meaningOf,
  mountOptionWords,
  PROPAGATION,
  readOptions,
} from '../../../src/plan/mount-options.ts';

const { RDONLY, NOSUID, NODEV, NOEXEC, NOATIME, STRICTATIME, ATIME, NODIRATIME, NOSYMFOLLOW } =
  MOUNT_ATTR;

describe('the words that change attributes', () => {
  test.each([
    ['ro', RDONLY, 0n],
    ['rw', 0n, RDONLY],
    ['nosuid', NOSUID, 0n],
    ['suid', 0n, NOSUID],
    ['nodev', NODEV, 0n],
    ['dev', 0n, NODEV],
    ['noexec', NOEXEC, 0n],
    ['exec', 0n, NOEXEC],
    ['noatime', NOATIME, ATIME],
    ['strictatime', STRICTATIME, ATIME],
    ['relatime', 0n, ATIME],
    ['atime', 0n, ATIME],
    ['norelatime', 0n, ATIME],
    ['nostrictatime', 0n, ATIME],
    ['nodiratime', NODIRATIME, 0n],
    ['diratime', 0n, NODIRATIME],
    ['nosymfollow', NOSYMFOLLOW, 0n],
    ['symfollow', 0n, NOSYMFOLLOW],
  ])(
    '%s sets and clears its bits, and with an r before it those of the whole tree',
    (word, set, clear) => {
      expect(readOptions([word], '').attributes).toEqual({ set, clear });
      expect(readOptions([word], '').recursiveAttributes).toEqual({ set: 0n, clear: 0n });
      expect(readOptions([`r${word}`], '').recursiveAttributes).toEqual({ set, clear });
      expect(readOptions([`r${word}`], '').attributes).toEqual({ set: 0n, clear: 0n });
    },
  );

  test('the last word about an attribute holds', () => {
    expect(readOptions(['ro', 'rw'], '').attributes).toEqual({ set: 0n, clear: RDONLY });
    expect(readOptions(['rw', 'ro'], '').attributes).toEqual({ set: RDONLY, clear: 0n });
    expect(readOptions(['noatime', 'nosuid', 'strictatime'], '').attributes).toEqual({
      set: NOSUID | STRICTATIME,
      clear: ATIME,
    });
    expect(readOptions(['noatime', 'relatime'], '').attributes).toEqual({ set: 0n, clear: ATIME });
  });

  test('a mode of atime never comes without clearing the whole field, which mount_setattr(2) demands', () => {
    for (const word of mountOptionWords()) {
      const meaning = meaningOf(word);
      if (meaning?.is !== 'attribute' || (meaning.set & ATIME) === 0n) continue;
      expect(meaning.clear & ATIME, word).toBe(ATIME);
    }
  });
});

describe('mountOptionWords', () => {
  test('are those that have a meaning, each once and in order', () => {
    const words = mountOptionWords();
    expect(words).toEqual([...new Set(words)].toSorted());
    expect(words.filter((word) => meaningOf(word) === undefined)).toEqual([]);
    expect(words).toEqual(
      expect.arrayContaining(['bind', 'rbind', 'ro', 'rro', 'rslave', 'idmap']),
    );
  });

  test.each(['rremount', 'rdefaults', 'rrbind', 'r', 'constructor', 'rtoString', '__proto__'])(
    '%s is none of them, and the file system’s',
    (word) => {
      expect(mountOptionWords()).not.toContain(word);
      expect(meaningOf(word)).toBeUndefined();
      expect(readOptions([word], '').filesystem).toEqual([word]);
    },
  );
});

describe('the words of propagation', () => {
  test.each(Object.entries(PROPAGATION))(
    '%s is one bit, recursive with an r before it',
    (word, propagation) => {
      expect(readOptions([word], '').propagation).toEqual([{ propagation, recursive: false }]);
      expect(readOptions([`r${word}`], '').propagation).toEqual([{ propagation, recursive: true }]);
    },
  );

  test('several are kept in their order', () => {
    const { propagation } = readOptions(['slave', 'rshared'], '');
    expect(propagation.map((change) => change.propagation)).toEqual([
      PROPAGATION.slave,
      PROPAGATION.shared,
    ]);
  });
});

describe('the words for the file system', () => {
  test('an unknown word is the file system’s', () => {
    expect(readOptions(['size=1m', 'nosuid', 'mode=755', ''], 'tmpfs').filesystem).toEqual([
      'size=1m',
      'mode=755',
    ]);
  });

  test('a default says nothing to a new file system, and takes the word back that it undoes', () => {
    const { filesystem, reconfigure } = readOptions(['sync', 'dirsync', 'async', 'nomand'], 'ext4');
    expect(filesystem).toEqual(['dirsync']);
    expect(reconfigure).toEqual(['sync', 'dirsync', 'async', 'nomand']);
  });

  test('iversion goes only to file systems that count changes', () => {
    expect(readOptions(['iversion'], 'xfs').filesystem).toEqual(['iversion']);
    expect(readOptions(['iversion'], 'tmpfs').filesystem).toEqual([]);
  });

  test.each(['defaults', 'silent', 'loud', 'acl', 'noacl'])('%s asks for nothing', (word) => {
    const options = readOptions([word], 'ext4');
    expect([...options.filesystem, ...options.reconfigure]).toEqual([]);
  });

  test('rbind is stronger than bind, wherever it stands', () => {
    expect(readOptions(['rbind', 'bind'], '').bind).toBe('tree');
    expect(readOptions(['bind', 'rbind'], '').bind).toBe('tree');
    expect(readOptions(['bind'], '').bind).toBe('one');
    expect(readOptions([], '').bind).toBe('no');
  });
});
