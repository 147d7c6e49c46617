import { describe, expect, test } from 'vitest';
import { mergeProcess } from '../../../src/plan/exec-process.ts';
import type { Process } from '../../../src/spec/types.ts';
import { PLAIN } from './exec-plans.ts';

const CONFIGURED: Process = {
  args: ['init'],
  cwd: '/srv',
  terminal: true,
  env: ['PATH=/bin'],
  user: { uid: 7, gid: 8, additionalGids: [9], umask: 0o77 },
  noNewPrivileges: true,
  capabilities: { bounding: ['CAP_KILL'], inheritable: ['CAP_KILL'] },
};

describe('mergeProcess', () => {
  test('nothing but the program replaces what config.json says, and its terminal is not ours', () => {
    const { process, said } = mergeProcess(CONFIGURED, PLAIN);
    expect(process).toEqual({ ...CONFIGURED, args: ['sh'], terminal: false });
    expect([...said]).toEqual([['/process/args', 'COMMAND']]);
  });

  test('a user without a group keeps the group of config.json', () => {
    const { process } = mergeProcess(CONFIGURED, { ...PLAIN, user: { uid: 1 } });
    expect(process.user).toEqual({ ...CONFIGURED.user, uid: 1 });
  });

  test('groups, variables and capabilities are added to those of config.json', () => {
    const { process, said } = mergeProcess(CONFIGURED, {
      ...PLAIN,
      additionalGids: [10],
      env: ['A=b'],
      capabilities: ['CAP_CHOWN'],
    });
    expect(process.user?.additionalGids).toEqual([9, 10]);
    expect(process.env).toEqual(['PATH=/bin', 'A=b']);
    expect(process.capabilities).toEqual({
      bounding: ['CAP_KILL', 'CAP_CHOWN'],
      effective: ['CAP_CHOWN'],
      permitted: ['CAP_CHOWN'],
      inheritable: ['CAP_KILL'],
    });
    expect(said.get('/process/env/1')).toBe('--env');
    expect(said.has('/process/env/0')).toBe(false);
  });

  test('no_new_privs can be taken away as well as given', () => {
    expect(
      mergeProcess(CONFIGURED, { ...PLAIN, noNewPrivileges: false }).process.noNewPrivileges,
    ).toBe(false);
  });

  test('a process file takes the place of config.json, and options go on top of it', () => {
    const file: Process = { args: ['ls'], cwd: '/', terminal: true };
    const { process, said } = mergeProcess(CONFIGURED, { ...PLAIN, args: [], cwd: '/tmp', file });
    expect(process).toEqual({ args: ['ls'], cwd: '/tmp', terminal: true, env: [] });
    expect(said.get('/process')).toBe('--process');
    expect(said.get('/process/cwd')).toBe('--cwd');
  });

  test('neither a command nor a file, both, and no process to start from are refused', () => {
    const file: Process = { args: ['ls'], cwd: '/' };
    expect(() => mergeProcess(CONFIGURED, { ...PLAIN, args: [] })).toThrow(
      'process args cannot be empty',
    );
    expect(() => mergeProcess(CONFIGURED, { ...PLAIN, file })).toThrow('got both');
    expect(() => mergeProcess(undefined, PLAIN)).toThrow('give --process');
  });
});
