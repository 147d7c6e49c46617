// @ts-check
/** Puts the snapshot into the program that has been linked (interpreter/snapshot.h). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StepError } from './console.mjs';

/*
 * Two processes write the memory of an interpreter that is ready for a call. They do the same and have nothing but other
 * addresses, because the kernel puts every process somewhere else. So a word that differs by as much as the regions are
 * apart is an address in the region, and one that differs by as much as the programs are apart is one in the program. What
 * differs otherwise would be wrong in every process but the one that wrote it: no snapshot is made then.
 */

const MAGIC = Buffer.from('runts snapshot\0\0');
const REGION_MAGIC = Buffer.from('snapshot region\0');
const WORD = 8;
const WORDS_PER_MAP_ENTRY = 64;
/** Begin of the region, its size, begin and end of the program, two blocks of what is one process's own. */
const HEADER_WORDS = 8;
/** Of failures alike, the first few say what is wrong. */
const SHOWN = 5;

/**
 * @typedef {object} Memory the region of one process
 * @property {bigint} begin
 * @property {bigint} programBegin
 * @property {bigint} programEnd
 * @property {[bigint, bigint][]} own
 * @property {BigUint64Array} words
 */

/**
 * @param {string} program that has been linked, without a snapshot
 * @param {string} folder for what two processes write
 * @returns {Buffer} the program with a snapshot
 * @throws {StepError} where memory differs in what is no address, or there is too little room
 */
export function withSnapshot(program, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const one = writeMemory(program, [join(folder, 'one')]);
  const other = writeMemory(program, [join(folder, 'other'), 'elsewhere']);
  if (one.begin === other.begin || one.programBegin === other.programBegin) {
    throw new StepError(
      'snapshot: two processes have the same addresses; is kernel.randomize_va_space 0, or setarch -R in use?',
    );
  }
  const { maps, region } = snapshotOf(one, other);
  const whole = readFileSync(program);
  insert(whole, MAGIC, maps);
  insert(whole, REGION_MAGIC, region);
  return whole;
}

/**
 * @param {string} program
 * @param {[file: string, ...where: string[]]} args
 * @returns {Memory}
 */
function writeMemory(program, [file, ...where]) {
  const args = ['--write-region', resolve(file), ...where];
  const { status, signal, stderr } = spawnSync(resolve(program), args, {
    encoding: 'utf8',
    env: {},
  });
  if (status !== 0) throw new StepError(`snapshot: ${program}: ${stderr || signal}`);
  const bytes = readFileSync(file);
  const all = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / WORD);
  const [begin = 0n, , programBegin = 0n, programEnd = 0n, a = 0n, b = 0n, c = 0n, d = 0n] = all;
  const words = all.subarray(HEADER_WORDS);
  return {
    begin,
    programBegin,
    programEnd,
    own: [
      [a, b],
      [c, d],
    ],
    words,
  };
}

/**
 * @param {Memory} one
 * @param {Memory} other
 * @returns {{ maps: Buffer, region: Buffer }} as they stand in the program
 */
export function snapshotOf(one, other) {
  const count = one.words.length;
  if (other.words.length !== count) {
    throw new StepError('snapshot: two processes have used memory of different size');
  }
  const words = one.words.slice();
  const ofRegion = new BigUint64Array(count / WORDS_PER_MAP_ENTRY);
  const ofProgram = new BigUint64Array(count / WORDS_PER_MAP_ENTRY);
  /** @type {string[]} */
  const strange = [];
  for (let index = 0; index < count; index++) {
    const word = one.words[index] ?? 0n;
    const otherWord = other.words[index] ?? 0n;
    const kind = kindOf(one, word);
    const isAlike = kind !== undefined && kind === kindOf(other, otherWord);
    if (isAlike && kind === 'region' && word - one.begin === otherWord - other.begin) {
      mark(ofRegion, index);
    } else if (
      isAlike &&
      kind === 'program' &&
      word - one.programBegin === otherWord - other.programBegin
    ) {
      mark(ofProgram, index);
      words[index] = word - one.programBegin;
    } else if (word !== otherWord && isOwn(one, index)) {
      // Nothing of the process that wrote it, so that the same sources make the same program.
      words[index] = 0n;
    } else if (word !== otherWord) {
      strange.push(
        `${(index * WORD).toString(16)}: ${word.toString(16)}, ${otherWord.toString(16)}`,
      );
    }
  }
  if (strange.length > 0) {
    const shown = strange.slice(0, SHOWN).join('\n  ');
    throw new StepError(
      `snapshot: ${strange.length} of ${count} words differ and are no addresses:\n  ${shown}`,
    );
  }
  const header = Buffer.alloc(MAGIC.length + WORD);
  MAGIC.copy(header);
  header.writeBigUInt64LE(BigInt(count * WORD), MAGIC.length);
  const maps = Buffer.concat([header, bytesOf(ofRegion), bytesOf(ofProgram)]);
  return { maps, region: bytesOf(words) };
}

/**
 * @param {Memory} memory
 * @param {bigint} word
 * @returns {'region' | 'program' | undefined} what it would be an address in
 */
function kindOf({ begin, programBegin, programEnd, words }, word) {
  if (word >= begin && word < begin + BigInt(words.length * WORD)) return 'region';
  return word >= programBegin && word < programEnd ? 'program' : undefined;
}

/**
 * @param {Memory} memory
 * @param {number} index
 */
function isOwn({ begin, own }, index) {
  const address = begin + BigInt(index * WORD);
  return own.some(([first, end]) => address >= first && address < end);
}

/**
 * @param {BigUint64Array} map
 * @param {number} index
 */
function mark(map, index) {
  const entry = Math.floor(index / WORDS_PER_MAP_ENTRY);
  map[entry] = (map[entry] ?? 0n) | (1n << BigInt(index % WORDS_PER_MAP_ENTRY));
}

/** @param {BigUint64Array} words */
const bytesOf = (words) => Buffer.from(words.buffer, words.byteOffset, words.byteLength);

/**
 * @param {Buffer} program that is changed
 * @param {Buffer} magic at the begin of the place, behind which it is empty
 * @param {Buffer} content
 */
function insert(program, magic, content) {
  const at = program.indexOf(magic);
  if (at < 0 || program.indexOf(magic, at + 1) >= 0) {
    throw new StepError('snapshot: the program has not one place for it');
  }
  const room = program.subarray(at + magic.length, at + content.length);
  if (room.length < content.length - magic.length || room.some((byte) => byte !== 0)) {
    throw new StepError(
      `snapshot: ${content.length} bytes do not fit: raise SNAPSHOT_ROOM in interpreter/Makefile`,
    );
  }
  content.copy(program, at);
}
