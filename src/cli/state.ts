import { containerState } from '../lifecycle/state.ts';
import { defineCommand, firstArgument } from './command.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'state',
  description: 'Prints the state of a container as JSON.',
  arguments: ['<container-id>'],
  flags: {},
  async run(invocation) {
    const state = await containerState(invocation.context, firstArgument(invocation));
    print(`${JSON.stringify(state, null, 2)}\n`);
  },
});
