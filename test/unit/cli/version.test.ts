import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VERSION, versionText } from '../../../src/cli/version.ts';

describe('VERSION', () => {
  test('is that of package.json', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });
});

describe('versionText', () => {
  const lines = versionText().split('\n');

  test('begins as go-runc wants it, which takes the rest of the line for the version', () => {
    expect(lines[0]).toBe(`runc version ${VERSION}+runts`);
  });

  test('ends its lines about versions with the name and the version, which is what Moby shows', () => {
    const last = lines.filter((line) => line.includes('version')).at(-1);
    expect(last?.split('version').map((part) => part.trim())).toEqual(['runts', VERSION]);
  });

  test('has the lines that both look for', () => {
    expect(lines).toContainEqual(expect.stringMatching(/^commit: \S+$/));
    expect(lines).toContain('spec: 1.3.0');
  });
});
