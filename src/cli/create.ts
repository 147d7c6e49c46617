import { createContainer } from '../lifecycle/create.ts';
import { defineCommand, firstArgument } from './command.ts';
import { CREATE_FLAGS, readCreateFlags } from './create-flags.ts';

export const command = defineCommand({
  name: 'create',
  description: 'Makes a container of a bundle; its program waits for "start".',
  arguments: ['<container-id>'],
  flags: CREATE_FLAGS,
  failurePrefix: 'runts create failed: ',
  run: (invocation) =>
    createContainer(
      invocation.context,
      readCreateFlags(firstArgument(invocation), invocation.flags),
    ),
});
