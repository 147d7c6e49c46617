import { pauseContainer } from '../lifecycle/pause.ts';
import { defineCommand, firstArgument } from './command.ts';

export const command = defineCommand({
  name: 'pause',
  description: 'Stops all processes of a container where they are, until "resume".',
  arguments: ['<container-id>'],
  flags: {},
  run: (invocation) => pauseContainer(invocation.context, firstArgument(invocation)),
});
