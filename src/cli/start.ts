import { startContainer } from '../lifecycle/start.ts';
import { readNotifySocket } from './activation.ts';
import { defineCommand, firstArgument } from './command.ts';

export const command = defineCommand({
  name: 'start',
  description: 'Starts the program of a container that "create" made.',
  arguments: ['<container-id>'],
  flags: {},
  run: (invocation) =>
    startContainer(invocation.context, {
      id: firstArgument(invocation),
      notifySocket: readNotifySocket(process.env),
    }),
});
