import { deleteContainer } from '../lifecycle/delete.ts';
import { defineCommand, firstArgument } from './command.ts';

export const command = defineCommand({
  name: 'delete',
  description: 'Removes a container that has stopped, and all that was made for it.',
  arguments: ['<container-id>'],
  flags: {
    force: {
      kind: 'switch',
      short: 'f',
      help: 'whatever its status: its processes are killed; it may also be gone already',
    },
  },
  run: (invocation) =>
    deleteContainer(invocation.context, {
      id: firstArgument(invocation),
      force: invocation.flags.force,
    }),
});
