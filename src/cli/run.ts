import { runContainer } from '../lifecycle/run.ts';
import { defineCommand, firstArgument } from './command.ts';
import { CREATE_FLAGS, readCreateFlags } from './create-flags.ts';
import { foregroundStreams } from './foreground.ts';

export const command = defineCommand({
  name: 'run',
  description:
    'Makes a container of a bundle and starts it. In the foreground it ends with the exit code of the program, or 128 + n where signal n ended it, and removes the container.',
  arguments: ['<container-id>'],
  flags: {
    ...CREATE_FLAGS,
    detach: { kind: 'switch', short: 'd', help: 'return as soon as the program runs' },
    keep: { kind: 'switch', help: 'leave the container to "delete" when its program has ended' },
    'no-subreaper': {
      kind: 'switch',
      help: 'do not become the parent of processes that the container leaves behind',
    },
  },
  failurePrefix: 'runts run failed: ',
  run: (invocation) =>
    runContainer(
      invocation.context,
      {
        ...readCreateFlags(firstArgument(invocation), invocation.flags),
        detach: invocation.flags.detach,
        keep: invocation.flags.keep,
        noSubreaper: invocation.flags['no-subreaper'],
      },
      foregroundStreams,
    ),
});
