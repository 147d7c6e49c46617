import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { describeProgram, type ProgramModel, SHELLS } from '../../../src/cli/completion-model.ts';
import { COMPLETIONS } from '../../../src/cli/completion-scripts.ts';
import { temporaryDirectory } from '../lifecycle/temporary.ts';
import { runCli } from './run-cli.ts';

let program: ProgramModel;
beforeAll(async () => {
  program = await describeProgram();
});

/** What bash offers for the last word; `runts list` is answered by a function with two containers. */
function offeredByBash(...words: string[]): string[] {
  const script = join(temporaryDirectory(), 'completion');
  writeFileSync(script, COMPLETIONS.bash(program));
  const test = `
    runts() { printf '%s\\n' "$*" | grep -q -- '--root /r list' && echo other || printf 'web\\ndb\\n'; }
    . "$1"; shift
    COMP_WORDS=(runts "$@"); COMP_CWORD=$#
    _runts
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-uc', test, 'bash', script, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return output.split('\n').filter(Boolean);
}

describe('in bash', () => {
  test('the first word is a command', () => {
    expect(offeredByBash('')).toEqual([...Object.keys(COMMANDS), 'help']);
    expect(offeredByBash('st')).toEqual(['start', 'state']);
    expect(offeredByBash('--debug', '--root', '/r', 'pl')).toEqual(['plan']);
  });

  test('options are those of the program or of the command', () => {
    expect(offeredByBash('--log')).toEqual(['--log', '--log-format']);
    expect(offeredByBash('run', '--no-')).toEqual([
      '--no-pivot',
      '--no-new-keyring',
      '--no-subreaper',
    ]);
    expect(offeredByBash('delete', '-')).toEqual(['--force', '-f', '--help', '-h']);
  });

  test('values are what the option takes', () => {
    expect(offeredByBash('--log-format', '')).toEqual(['text', 'json']);
    expect(offeredByBash('list', '-f', 'j')).toEqual(['json']);
    expect(offeredByBash('create', '--bundle', '/etc/ss')).toContain('/etc/ssl');
    expect(offeredByBash('create', '--preserve-fds', '')).toEqual([]);
  });

  test('arguments are containers of the root that is given, signals, shells, commands', () => {
    expect(offeredByBash('state', '')).toEqual(['web', 'db']);
    expect(offeredByBash('delete', '--force', 'w')).toEqual(['web']);
    expect(offeredByBash('--root', '/r', 'state', '')).toEqual(['other']);
    expect(offeredByBash('state', 'web', '')).toEqual([]);
    expect(offeredByBash('kill', 'web', 'TE')).toEqual(['TERM']);
    expect(offeredByBash('completion', '')).toEqual([...SHELLS]);
    expect(offeredByBash('help', 'pla')).toEqual(['plan']);
  });
});

describe.each(SHELLS)('the script for %s', (shell) => {
  test('knows every command and every option', () => {
    const script = COMPLETIONS[shell](program);
    for (const { name, options } of program.commands) {
      expect(script).toContain(name);
      for (const option of options) {
        expect(script).toContain(shell === 'fish' ? `-l ${option.name}` : `--${option.name}`);
      }
    }
  });
});

test('a shell that there is no script for is refused, with those that there are', async () => {
  expect(await runCli('completion', 'tcsh')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'runts: write a completion: expected one of bash, zsh, fish, got "tcsh"\n',
  });
}, 60_000);
