import { killContainer } from '../lifecycle/kill.ts';
import { parseSignal } from '../lifecycle/signals.ts';
import { defineCommand, firstArgument } from './command.ts';

export const command = defineCommand({
  name: 'kill',
  description:
    'Sends a signal (TERM if none is given), by name or number, to the first process of a container.',
  arguments: ['<container-id>', '[signal]'],
  flags: {
    all: { kind: 'switch', short: 'a', help: 'to every process of the container' },
  },
  run(invocation) {
    const [, signal = 'TERM'] = invocation.args;
    return killContainer(invocation.context, {
      id: firstArgument(invocation),
      signal: parseSignal(signal),
      all: invocation.flags.all,
    });
  },
});
