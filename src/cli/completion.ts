import { RuntimeError } from '../error.ts';
import { defineCommand, firstArgument } from './command.ts';
import { SHELLS } from './completion-model.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'completion',
  description: `Prints a script with which a shell (${SHELLS.join(', ')}) completes calls of runts.`,
  arguments: ['<shell>'],
  flags: {},
  async run(invocation) {
    const name = firstArgument(invocation);
    const shell = SHELLS.find((known) => known === name);
    if (shell === undefined) {
      const detail = `expected one of ${SHELLS.join(', ')}, got ${JSON.stringify(name.slice(0, 60))}`;
      throw new RuntimeError({ operation: 'write a completion', detail });
    }
    const { describeProgram } = await import('./completion-model.ts');
    const { COMPLETIONS } = await import('./completion-scripts.ts');
    print(COMPLETIONS[shell](await describeProgram()));
  },
});
