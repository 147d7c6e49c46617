/** MOUNT_ATTR_* of mount_setattr(2). RELATIME is the atime field being zero. */
export const MOUNT_ATTR = {
  RDONLY: 0x1n,
  NOSUID: 0x2n,
  NODEV: 0x4n,
  NOEXEC: 0x8n,
  NOATIME: 0x10n,
  STRICTATIME: 0x20n,
  /** The whole atime field: setting any of it means clearing all of it first. */
  ATIME: 0x70n,
  NODIRATIME: 0x80n,
  NOSYMFOLLOW: 0x20_0000n,
} as const;

/** MS_* of mount(2) for propagation; mount_setattr(2) takes the same bits, without MS_REC. */
export const MS_REC = 0x4000n;
export const PROPAGATION = {
  unbindable: 0x2_0000n,
  private: 0x4_0000n,
  slave: 0x8_0000n,
  shared: 0x10_0000n,
} as const;

/** A change to a mount's attributes; what is cleared is cleared first. */
export interface AttributeChange {
  readonly set: bigint;
  readonly clear: bigint;
}

export interface PropagationChange {
  readonly propagation: bigint;
  readonly recursive: boolean;
}

/** What one word of `options` means (mount(8), config.md "Linux mount options"). */
export type OptionMeaning =
  | ({ readonly is: 'attribute'; readonly recursive: boolean } & AttributeChange)
  | ({ readonly is: 'propagation' } & PropagationChange)
  | { readonly is: 'bind'; readonly recursive: boolean }
  | { readonly is: 'remount' }
  | { readonly is: 'copyUp' }
  /** A flag of the file system; one that undoes another says nothing to a new one, only to a remount. */
  | { readonly is: 'filesystemFlag'; readonly undoes?: string }
  /** A flag that only file systems with a change counter know. */
  | { readonly is: 'changeCounter' }
  | { readonly is: 'idMap' }
  | { readonly is: 'nothing' };

const { RDONLY, NOSUID, NODEV, NOEXEC, NOATIME, STRICTATIME, ATIME, NODIRATIME, NOSYMFOLLOW } =
  MOUNT_ATTR;

/** The words that set and clear an attribute; each also has a recursive form with an `r` before it. */
const ATTRIBUTE_WORDS: Readonly<Record<string, AttributeChange>> = {
  ro: { set: RDONLY, clear: 0n },
  rw: { set: 0n, clear: RDONLY },
  nosuid: { set: NOSUID, clear: 0n },
  suid: { set: 0n, clear: NOSUID },
  nodev: { set: NODEV, clear: 0n },
  dev: { set: 0n, clear: NODEV },
  noexec: { set: NOEXEC, clear: 0n },
  exec: { set: 0n, clear: NOEXEC },
  nodiratime: { set: NODIRATIME, clear: 0n },
  diratime: { set: 0n, clear: NODIRATIME },
  noatime: { set: NOATIME, clear: ATIME },
  strictatime: { set: STRICTATIME, clear: ATIME },
  // Relatime is the kernel's default, so taking another mode away leads to it too.
  relatime: { set: 0n, clear: ATIME },
  atime: { set: 0n, clear: ATIME },
  norelatime: { set: 0n, clear: ATIME },
  nostrictatime: { set: 0n, clear: ATIME },
  nosymfollow: { set: NOSYMFOLLOW, clear: 0n },
  symfollow: { set: 0n, clear: NOSYMFOLLOW },
};

const OTHER_WORDS: Readonly<Record<string, OptionMeaning>> = {
  bind: { is: 'bind', recursive: false },
  rbind: { is: 'bind', recursive: true },
  remount: { is: 'remount' },
  tmpcopyup: { is: 'copyUp' },
  idmap: { is: 'idMap' },
  ridmap: { is: 'idMap' },
  sync: { is: 'filesystemFlag' },
  async: { is: 'filesystemFlag', undoes: 'sync' },
  dirsync: { is: 'filesystemFlag' },
  lazytime: { is: 'filesystemFlag' },
  nolazytime: { is: 'filesystemFlag', undoes: 'lazytime' },
  mand: { is: 'filesystemFlag' },
  nomand: { is: 'filesystemFlag', undoes: 'mand' },
  iversion: { is: 'changeCounter' },
  noiversion: { is: 'changeCounter' },
  // What mount(8) knows and no file system does.
  defaults: { is: 'nothing' },
  silent: { is: 'nothing' },
  loud: { is: 'nothing' },
  acl: { is: 'nothing' },
  noacl: { is: 'nothing' },
};

/** @returns the words of `options` that the runtime itself understands; every other one belongs to the file system */
export function mountOptionWords(): string[] {
  const changes = [...Object.keys(ATTRIBUTE_WORDS), ...Object.keys(PROPAGATION)];
  return [...Object.keys(OTHER_WORDS), ...changes, ...changes.map((word) => `r${word}`)].toSorted();
}

/** @returns what a word means, undefined where only the file system can know */
export function meaningOf(word: string): OptionMeaning | undefined {
  if (Object.hasOwn(OTHER_WORDS, word)) return OTHER_WORDS[word];
  return changeOf(word, false) ?? (word[0] === 'r' ? changeOf(word.slice(1), true) : undefined);
}

function changeOf(word: string, recursive: boolean): OptionMeaning | undefined {
  const change = Object.hasOwn(ATTRIBUTE_WORDS, word) ? ATTRIBUTE_WORDS[word] : undefined;
  if (change !== undefined) return { is: 'attribute', recursive, ...change };
  if (!Object.hasOwn(PROPAGATION, word)) return undefined;
  const propagation = PROPAGATION[word as keyof typeof PROPAGATION];
  return { is: 'propagation', recursive, propagation };
}

const NO_CHANGE: AttributeChange = { set: 0n, clear: 0n };

/** The `options` of one mount, sorted by who obeys them. A later word overrides an earlier one. */
export interface ReadOptions {
  readonly attributes: AttributeChange;
  readonly recursiveAttributes: AttributeChange;
  /** In their order: `slave` and then `shared` gives a mount that is both. */
  readonly propagation: readonly PropagationChange[];
  readonly bind: 'no' | 'one' | 'tree';
  readonly remount: boolean;
  readonly copyUp: boolean;
  readonly idMap: boolean;
  /** Words for a new file system. */
  readonly filesystem: readonly string[];
  /** Words for one that is mounted: those that say the default too. */
  readonly reconfigure: readonly string[];
}

/** Sorts the options of a mount. @param type the file system, which decides about `iversion` */
export function readOptions(words: readonly string[], type: string): ReadOptions {
  let attributes = NO_CHANGE;
  let recursiveAttributes = NO_CHANGE;
  let bind: ReadOptions['bind'] = 'no';
  const propagation: PropagationChange[] = [];
  let filesystem: string[] = [];
  const reconfigure: string[] = [];
  const seen = new Set<OptionMeaning['is']>();
  for (const word of words) {
    const meaning = meaningOf(word);
    if (meaning !== undefined) seen.add(meaning.is);
    switch (meaning?.is) {
      case 'attribute':
        if (meaning.recursive) recursiveAttributes = override(recursiveAttributes, meaning);
        else attributes = override(attributes, meaning);
        break;
      case 'propagation':
        propagation.push({ propagation: meaning.propagation, recursive: meaning.recursive });
        break;
      case 'bind':
        if (meaning.recursive) bind = 'tree';
        else if (bind === 'no') bind = 'one';
        break;
      case 'filesystemFlag':
        reconfigure.push(word);
        if (meaning.undoes === undefined) filesystem.push(word);
        else filesystem = filesystem.filter((earlier) => earlier !== meaning.undoes);
        break;
      case 'changeCounter':
        if (!HAS_CHANGE_COUNTER.has(type)) break;
        reconfigure.push(word);
        filesystem.push(word);
        break;
      case 'remount':
      case 'copyUp':
      case 'idMap':
      case 'nothing':
        break;
      case undefined:
        // An empty word comes from a joined list with nothing in it.
        if (word === '') break;
        reconfigure.push(word);
        filesystem.push(word);
        break;
      default:
        meaning satisfies never;
    }
  }
  return {
    attributes,
    recursiveAttributes,
    propagation,
    bind,
    remount: seen.has('remount'),
    copyUp: seen.has('copyUp'),
    idMap: seen.has('idMap'),
    filesystem,
    reconfigure,
  };
}

const HAS_CHANGE_COUNTER: ReadonlySet<string> = new Set(['ext4', 'xfs', 'btrfs']);

function override(earlier: AttributeChange, later: AttributeChange): AttributeChange {
  const touched = later.set | later.clear;
  return {
    set: (earlier.set & ~touched) | later.set,
    clear: (earlier.clear & ~touched) | later.clear,
  };
}
