import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../lifecycle/temporary.ts';
import { runCli } from './run-cli.ts';

const LONG = 60_000;

/** Every case costs the start of Node.js, so each call is looked at from all sides. */
describe('a failing call', () => {
  const cases: readonly [args: string[], message: string][] = [
    [['bogus'], 'runts: there is no command "bogus": "runts --help" lists them'],
    [['--bogus', 'list'], 'runts: flag provided but not defined: -bogus (see "runts --help")'],
    [['exec', '--bogus'], 'runts: flag provided but not defined: -bogus (see "runts exec --help")'],
    [
      ['exec'],
      'runts: "exec" requires a minimum of 1 argument(s) (<container-id> [command...]), got 0',
    ],
    [['restore', 'web'], 'runts: the command "restore" is not there yet'],
    [['state'], 'runts: "state" requires exactly 1 argument(s) (<container-id>), got 0'],
    [
      ['kill', 'a', '9', 'b'],
      'runts: "kill" requires 1 to 2 argument(s) (<container-id> [signal]), got 3',
    ],
    [
      ['list', '--format', 'xml'],
      'runts: invalid format option: expected "table" or "json", got "xml"',
    ],
    [['--root', '/nowhere', 'state', 'web'], 'runts: container does not exist'],
    [
      ['--systemd-cgroup', 'state', 'web'],
      'runts: the flag --systemd-cgroup: cgroups made by systemd are not there yet: leave it out',
    ],
  ];
  test.each(cases)(
    '%j says why on one line of standard error, and exits with 1',
    async (args, message) => {
      expect(await runCli(...args)).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
    },
    LONG,
  );

  test(
    'of create names the verb, as runc does',
    async () => {
      const root = temporaryDirectory();
      const result = await runCli('--root', root, 'create', '--bundle', join(root, 'none'), 'web');
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toMatch(/^runts create failed: open bundle [^\n]*\n$/);
    },
    LONG,
  );

  test(
    'writes the log as containerd reads it, and standard error for people',
    async () => {
      const log = join(temporaryDirectory(), 'log.json');
      const result = await runCli(
        ...['--root', '/nowhere', '--log', log, '--log-format=json', 'state', 'web'],
      );
      expect(result.stderr).toBe('runts: container does not exist\n');
      const line = readFileSync(log, 'utf8');
      expect(line.split('\n')).toHaveLength(2);
      expect(JSON.parse(line)).toEqual({
        level: 'error',
        msg: 'container does not exist',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
    },
    LONG,
  );

  test(
    'whose log is full tells standard error what the log should have had',
    async () => {
      const result = await runCli('--root', '/nowhere', '--log', '/dev/full', 'state', 'web');
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(
        /^runts: container does not exist\nrunts: warning: open \/dev\/full: [^\n]*ENOSPC: time=[^\n]*\n$/,
      );
    },
    LONG,
  );

  test(
    'whose log cannot be written says so',
    async () => {
      const result = await runCli('--log', '/nowhere/log', 'list');
      expect(result).toEqual({
        code: 1,
        stdout: '',
        stderr: 'runts: open /nowhere/log: the log cannot be written: ENOENT\n',
      });
    },
    LONG,
  );
});

describe('delete --force', () => {
  test(
    'of what is not there is done',
    async () => {
      expect(await runCli('--root', '/nowhere', 'delete', '--force', 'web')).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    },
    LONG,
  );
});

describe('help', () => {
  test(
    'of the program goes to standard output and names every command',
    async () => {
      const { code, stdout, stderr } = await runCli('--help');
      expect([code, stderr]).toEqual([0, '']);
      for (const name of ['create', 'start', 'state', 'kill', 'delete', 'run', 'spec', 'list']) {
        expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      }
    },
    LONG,
  );

  test(
    'of a command has its flags',
    async () => {
      const { code, stdout, stderr } = await runCli('run', '-h');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/-b, --bundle <directory>/);
      expect(stdout).toMatch(/--no-subreaper/);
    },
    LONG,
  );
});

describe('--version', () => {
  test(
    'goes to standard output',
    async () => {
      const { code, stdout, stderr } = await runCli('--version');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^runc version [^\n]+\nrunts version [^\n]+\ncommit: /);
    },
    LONG,
  );
});

describe('spec', () => {
  test(
    'writes a configuration, and never over another one',
    async () => {
      const bundle = join(temporaryDirectory(), 'bundle');
      mkdirSync(bundle);
      expect(await runCli('spec', '--bundle', bundle)).toEqual({ code: 0, stdout: '', stderr: '' });
      const config = join(bundle, 'config.json');
      expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ ociVersion: '1.3.0' });

      writeFileSync(config, 'mine');
      expect(await runCli('spec', '-b', bundle)).toEqual({
        code: 1,
        stdout: '',
        stderr: `runts: write ${config}: it exists already: remove it first\n`,
      });
      expect(readFileSync(config, 'utf8')).toBe('mine');
    },
    LONG,
  );

  test(
    'names a bundle that is not there',
    async () => {
      const bundle = join(temporaryDirectory(), 'none');
      const result = await runCli('spec', '--bundle', bundle);
      expect(result.code).toBe(1);
      expect(result.stderr).toBe(
        `runts: write ${bundle}/config.json: the bundle does not exist, or is no directory\n`,
      );
      expect(existsSync(bundle)).toBe(false);
    },
    LONG,
  );
});
