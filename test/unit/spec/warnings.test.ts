import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../src/spec/parse.ts';
import { type Changes, configWith, USER_NAMESPACE } from './support.ts';

function warningsWith(changes: Changes): string[] {
  const text = JSON.stringify(configWith(changes));
  const { warnings } = parseSpec(Buffer.from(text), 'config.json');
  // The place is another test's claim.
  return warnings.map((line) => line.replace(/^config\.json:\d+:\d+: /, ''));
}

describe('a warning and no error:', () => {
  test('an unknown field is told with file, line, column and pointer', () => {
    const text = `{"ociVersion":"1.3.0","root":{"path":"x"},\n  "foo": {"bar": 1}}`;
    expect(parseSpec(Buffer.from(text), 'config.json').warnings).toEqual([
      'config.json:2:10: /foo: unknown field, ignored',
    ]);
  });

  test.each<[claim: string, changes: Changes, warning: string]>([
    [
      'in an entry of an array',
      { '/mounts': [{ destination: '/a', sauce: 1 }] },
      '/mounts/0/sauce: unknown field, ignored',
    ],
    [
      'in an entry of a map',
      { '/linux/resources/foo/x': 1 },
      '/linux/resources/foo: unknown field, ignored',
    ],
    ['called like a method of objects', { '/toString': 1 }, '/toString: unknown field, ignored'],
    ['with a slash in its name', { '/a~1b': 1 }, '/a~1b: unknown field, ignored'],
    ['of Windows', { '/windows': { layerFolders: 7 } }, '/windows: unknown field, ignored'],
    [
      'of a process on Windows',
      { '/process/commandLine': 'x' },
      '/process/commandLine: unknown field, ignored',
    ],
    [
      'of a user on Windows',
      { '/process/user/username': 'x' },
      '/process/user/username: unknown field, ignored',
    ],
  ])('an unknown field %s', (_claim, changes, warning) => {
    expect(warningsWith(changes)).toEqual([warning]);
  });

  test('names of annotations and sysctls are the users', () => {
    expect(
      warningsWith({ '/annotations': { foo: 'x' }, '/linux/sysctl': { 'net.x': '1' } }),
    ).toEqual([]);
  });

  test('a relative destination of a mount', () => {
    expect(warningsWith({ '/mounts': [{ destination: 'data', type: 'tmpfs' }] })).toEqual([
      '/mounts/0/destination: relative path "data" is deprecated, taken as relative to "/"',
    ]);
  });

  test('mappings beside a user namespace that is joined', () => {
    expect(
      warningsWith({ ...USER_NAMESPACE, '/linux/namespaces/5/path': '/proc/7/ns/user' }),
    ).toEqual([
      '/linux/uidMappings: the user namespace that is joined has its own mappings, ignored',
      '/linux/gidMappings: the user namespace that is joined has its own mappings, ignored',
    ]);
  });

  test('devices that nobody could open', () => {
    const dev = (...options: string[]) => ({ '/mounts': [{ destination: '/dev', options }] });
    expect(warningsWith(dev('nosuid', 'nodev'))).toEqual([
      '/mounts/0/options/1: no device in /dev can be opened, not even /dev/null: leave nodev out',
    ]);
    expect(warningsWith(dev('nodev', 'dev'))).toEqual([]);
    const user = { ...USER_NAMESPACE, '/linux/namespaces/-': { type: 'user' } };
    expect(warningsWith({ ...user, ...dev('nodev') })).toEqual([]);
  });
});
