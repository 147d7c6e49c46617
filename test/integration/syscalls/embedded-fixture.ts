/*
 * Compiled by Bun into a program of its own: prints which files its memory is mapped from, and what it keeps open, once
 * the addon has been loaded and has done something.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { memfd } from '../../../src/syscalls/memfd.ts';

const file = memfd('runts-test', Buffer.from('x'), true);
const maps = readFileSync('/proc/self/maps', 'utf8');
const open = readdirSync('/proc/self/fd').flatMap((name) => {
  try {
    return [readlinkSync(`/proc/self/fd/${name}`)];
  } catch {
    return [];
  }
});
const mapped = new Set(maps.split('\n').map((line) => line.slice(73)));
console.log(JSON.stringify({ file, mapped: [...mapped].filter(Boolean), open }));
