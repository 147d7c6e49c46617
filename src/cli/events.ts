import { RuntimeError } from '../error.ts';
import { containerEvents, containerStats } from '../lifecycle/events.ts';
import { printJson } from '../spec/print-json.ts';
import { defineCommand, firstArgument } from './command.ts';
import { parseDuration } from './duration.ts';
import { print } from './output.ts';

const DEFAULT_INTERVAL = '5s';

export const command = defineCommand({
  name: 'events',
  description:
    'Prints what a container uses, and each time that it runs out of memory, as lines of JSON, until it is deleted.',
  arguments: ['<container-id>'],
  flags: {
    interval: {
      kind: 'text',
      value: 'duration',
      help: `how long to wait before the numbers are printed, again and again (default: ${DEFAULT_INTERVAL})`,
    },
    stats: { kind: 'switch', help: 'print the numbers of now, and nothing else' },
  },
  async run(invocation) {
    const id = firstArgument(invocation);
    const { interval = DEFAULT_INTERVAL, stats } = invocation.flags;
    const intervalMs = parseDuration('interval', interval);
    if (intervalMs <= 0) {
      throw new RuntimeError({
        operation: '',
        detail: 'duration interval must be greater than 0',
      });
    }
    if (stats) {
      print(`${printJson(await containerStats(invocation.context, id))}\n`);
      return;
    }
    for await (const event of containerEvents(invocation.context, { id, intervalMs })) {
      print(`${printJson(event)}\n`);
    }
  },
});
