import { resumeContainer } from '../lifecycle/resume.ts';
import { defineCommand, firstArgument } from './command.ts';

export const command = defineCommand({
  name: 'resume',
  description: 'Lets a container go on that "pause" has stopped.',
  arguments: ['<container-id>'],
  flags: {},
  run: (invocation) => resumeContainer(invocation.context, firstArgument(invocation)),
});
