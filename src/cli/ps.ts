import { RuntimeError } from '../error.ts';
import { containerProcesses, showProcesses } from '../lifecycle/ps.ts';
import { defineCommand, firstArgument } from './command.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'ps',
  description:
    'Lists the processes of a container. What follows its id goes to ps(1); its output must have a column PID.',
  arguments: ['<container-id>', '[ps-options...]'],
  flags: {
    format: {
      kind: 'text',
      short: 'f',
      value: 'format',
      help: '"table" (the default): as ps(1) shows them; "json": an array of pids',
    },
  },
  // `-o` and the like are meant for ps(1).
  stopAtArgument: true,
  async run(invocation) {
    const id = firstArgument(invocation);
    const { format = 'table' } = invocation.flags;
    if (format === 'json') {
      print(`${JSON.stringify(await containerProcesses(invocation.context, id))}\n`);
    } else if (format === 'table') {
      const [, ...args] = invocation.args;
      if (args[0] === '--') args.shift();
      print(await showProcesses(invocation.context, id, args));
    } else {
      const detail = `invalid format option: expected "table" or "json", got ${JSON.stringify(format)}`;
      throw new RuntimeError({ operation: '', detail });
    }
  },
});
