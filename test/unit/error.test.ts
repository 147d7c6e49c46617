import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../src/error.ts';

describe('RuntimeError', () => {
  test('renders pointer, operation and detail as one line', () => {
    const error = new RuntimeError({
      operation: 'mount ext4 on /data',
      detail: 'wrong file-system type or bad option',
      pointer: '/mounts/3',
      code: 'EINVAL',
    });
    expect(error.message).toBe(
      'config.json /mounts/3: mount ext4 on /data: wrong file-system type or bad option',
    );
    expect(error.message).not.toContain('\n');
  });

  test('leaves out the place when no pointer is known', () => {
    const error = new RuntimeError({ operation: 'kill web', detail: 'container not running' });
    expect(error.message).toBe('kill web: container not running');
  });

  test('leaves out the operation when it is empty, so that engines find their text at the start', () => {
    expect(new RuntimeError({ operation: '', detail: 'container does not exist' }).message).toBe(
      'container does not exist',
    );
  });

  test('names the whole document when the pointer is empty', () => {
    expect(
      new RuntimeError({ operation: '', detail: 'expected an object', pointer: '' }).message,
    ).toBe('config.json /: expected an object');
  });

  test('keeps its fields and its cause', () => {
    const cause = new Error('first');
    const error = new RuntimeError({
      operation: 'open bundle',
      detail: 'no such directory',
      path: '/b',
      code: 'ENOENT',
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'RuntimeError',
      operation: 'open bundle',
      detail: 'no such directory',
      path: '/b',
      code: 'ENOENT',
      pointer: undefined,
    });
    expect(error.cause).toBe(cause);
  });

  test('has no cause property when none was given', () => {
    expect(Object.hasOwn(new RuntimeError({ operation: 'a', detail: 'b' }), 'cause')).toBe(false);
  });
});
