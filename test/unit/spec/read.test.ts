import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSpec } from '../../../src/spec/read.ts';
import { configWith, messageOf } from './support.ts';

let bundle = '';
let file = '';

beforeEach(() => {
  bundle = mkdtempSync(join(tmpdir(), 'runts-test-'));
  file = join(bundle, 'config.json');
});
afterEach(() => rmSync(bundle, { recursive: true, force: true }));

describe('readSpec', () => {
  test('gives spec, warnings and the bytes as they were', () => {
    const text = `${JSON.stringify(configWith({ '/foo': 1 }), null, 2)}\n`;
    writeFileSync(file, text);
    const { spec, bytes, warnings, document } = readSpec(bundle);
    expect(spec.process?.args).toEqual(['sh']);
    expect(Buffer.from(bytes).toString()).toBe(text);
    expect(document.locate('/root')).toEqual({ line: 3, column: 11 });
    const line = text.split('\n').indexOf('  "foo": 1') + 1;
    expect(warnings).toEqual([`config.json:${line}:10: /foo: unknown field, ignored`]);
  });

  test('names a bundle that is not there', () => {
    const path = join(bundle, 'none');
    expect(messageOf(() => readSpec(path))).toBe(`open bundle ${path}: no such file or directory`);
  });

  test('names a bundle that is a file', () => {
    writeFileSync(join(bundle, 'plain'), '');
    expect(messageOf(() => readSpec(join(bundle, 'plain')))).toBe(
      `open bundle ${bundle}/plain: expected a directory, got a file`,
    );
  });

  test('says what writes a config.json that is not there', () => {
    expect(messageOf(() => readSpec(bundle))).toBe(
      `read ${file}: the bundle has no config.json (\`runts spec\` writes one)`,
    );
  });

  test('names a config.json that is a directory', () => {
    mkdirSync(file);
    expect(messageOf(() => readSpec(bundle))).toBe(
      `read ${file}: expected a file, got a directory`,
    );
  });

  test('puts the errno of what it cannot open in words', () => {
    symlinkSync('config.json', file);
    expect(messageOf(() => readSpec(bundle))).toBe(
      `read ${file}: too many levels of symbolic links`,
    );
  });

  test('does not wait for a writer of a config.json that is a FIFO', () => {
    execFileSync('mkfifo', [file]);
    expect(messageOf(() => readSpec(bundle))).toBe(`read ${file}: expected a regular file`);
  });

  test.each([
    ['empty', ''],
    ['only space', ' \n\t'],
  ])('names a config.json that is %s', (_claim, text) => {
    writeFileSync(file, text);
    expect(messageOf(() => readSpec(bundle))).toBe(
      `read ${file}: expected a configuration, got an empty file`,
    );
  });

  test('names a config.json that is not JSON, with the place', () => {
    writeFileSync(file, '{\n  "ociVersion" "1.0.0"\n}');
    expect(messageOf(() => readSpec(bundle))).toBe('config.json:2:16: expected ":", got "\\""');
  });

  test('names a config.json that is no configuration', () => {
    writeFileSync(file, '[]');
    expect(messageOf(() => readSpec(bundle))).toBe(
      'config.json:1:1: /: expected an object, got an empty array',
    );
  });
});
