/** The suite's cgroups have fixed names; what a runtime or a program leaves of them would spoil the next run. */
import { readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['testdir/cgrouptest/container', 'testdir/cgrouptest', 'testdir', 'cgrouptest'];

/** Removes the suite's own cgroups where they are empty, at the top of every hierarchy and below our own place. */
export function removeCgroups(): void {
  for (const base of bases()) {
    for (const name of NAMES) removeEmpty(join(base, name));
  }
}

function bases(): string[] {
  const own = readFileSync('/proc/self/cgroup', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':').slice(2).join(':'));
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
  return mounts.flatMap((mount) => [...new Set(['/', ...own])].map((path) => join(mount, path)));
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or not empty: then it is in use, and not ours to end.
  }
}
