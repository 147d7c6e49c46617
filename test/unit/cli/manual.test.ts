import { describe, expect, test } from 'vitest';
import { stalePages } from '../../../scripts/generate-manual.ts';
import { collectPages } from '../../../scripts/manual/pages.ts';
import { toRoff } from '../../../scripts/manual/roff.ts';
import { COMMANDS, loadCommand } from '../../../src/cli/commands.ts';
import { parseFlags } from '../../../src/cli/flags.ts';
import { GLOBAL_FLAGS } from '../../../src/cli/globals.ts';
import { commandHelp, programHelp } from '../../../src/cli/help.ts';
import { MANUAL, PROGRAM_EXAMPLES } from '../../../src/cli/manual.ts';

/** The calls of runts in a line of shell. */
const callsIn = (line: string): string[][] =>
  line
    .split(/[|&;<>()]+/)
    .map((part) => part.trim().split(/\s+/))
    .filter(([first]) => first === 'runts')
    .map(([, ...args]) => args);

describe('the manual', () => {
  test('has an entry for every command, and for no other', () => {
    expect(Object.keys(MANUAL).toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
  });

  test('points to commands that there are', () => {
    for (const { seeAlso } of Object.values(MANUAL)) {
      for (const name of seeAlso) expect(Object.keys(COMMANDS)).toContain(name);
    }
  });

  test('has examples that the command line takes, each of its own command', async () => {
    for (const [name, { examples }] of Object.entries({
      ...MANUAL,
      '': { examples: PROGRAM_EXAMPLES },
    })) {
      for (const { command: line } of examples) {
        const calls = callsIn(line);
        if (name !== '') expect(calls.map(([called]) => called)).toContain(name);
        for (const args of calls) {
          const options = { command: 'runts', stopAtArgument: true };
          const [called = '', ...rest] = parseFlags(GLOBAL_FLAGS, args, options).rest;
          const { definition } = await loadCommand(called);
          const { rest: given } = parseFlags(definition.flags, rest, {
            command: called,
            stopAtArgument: definition.stopAtArgument ?? false,
          });
          const least = definition.arguments.filter((argument) => argument.startsWith('<')).length;
          expect(given.length, line).toBeGreaterThanOrEqual(least);
          if (!definition.stopAtArgument) {
            expect(given.length, line).toBeLessThanOrEqual(definition.arguments.length);
          }
        }
      }
    }
  });
});

describe('help', () => {
  test('of the program lists every command once, by what it is for', () => {
    const help = programHelp();
    for (const name of Object.keys(COMMANDS)) {
      expect(help.match(new RegExp(`^  ${name} +\\w`, 'gm')), name).toHaveLength(1);
    }
    expect(help).toMatch(/^The life of a container:\n {2}create /m);
  });

  test('of a command has its details, exit code and examples', async () => {
    const help = commandHelp(await loadCommand('exec'));
    expect(help).toMatch(/^Usage: runts exec \[options\] <container-id> \[command\.\.\.\]$/m);
    expect(help).toMatch(/^Exit code: That of the program;/m);
    expect(help).toContain('  # a shell on a terminal\n  runts exec --tty web sh\n');
  });
});

describe('the manual pages', () => {
  test('in docs/man say what --help says (npx tsx scripts/generate-manual.ts writes them anew)', async () => {
    expect(await stalePages()).toEqual([]);
  });

  test('for man(1) have no line that it would take for a request', async () => {
    for (const page of await collectPages()) {
      const lines = toRoff(page).split('\n');
      expect(lines.filter((line) => /^[.'](?!(\\"|TH|SH|TP|PP)( |$|[^\w]))/.test(line))).toEqual(
        [],
      );
    }
  });
});
