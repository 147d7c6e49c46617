import { encodeText } from '../bytes.ts';
import { RuntimeError } from '../error.ts';
import { updateContainer } from '../lifecycle/update.ts';
import { printJson } from '../spec/print-json.ts';
import { readDescriptor, readFile } from '../syscalls/files.ts';
import { absolute } from './absolute.ts';
import { defineCommand, firstArgument } from './command.ts';
import { flagAt, RESOURCE_FLAGS, resourcesOf } from './update-flags.ts';

export const command = defineCommand({
  name: 'update',
  description:
    'Changes limits of a container, all that are given or none. 0 leaves a limit as it is (--cpu-burst and --cpu-idle excepted), -1 takes it away.',
  arguments: ['<container-id>'],
  flags: {
    resources: {
      kind: 'text',
      short: 'r',
      value: 'file',
      help: 'take "linux.resources" as in config.json from this file, or from standard input where it is "-"',
    },
    ...RESOURCE_FLAGS,
  },
  async run(invocation) {
    const id = firstArgument(invocation);
    const { resources: file, ...flags } = invocation.flags;
    const fromFlags = resourcesOf(flags);
    if (file === undefined) {
      const resources = encodeText(printJson(fromFlags));
      const placeOf = (pointer: string) => `the flag --${flagAt(pointer)}`;
      await updateContainer(invocation.context, { id, resources, name: 'update', placeOf });
      return;
    }
    if (Object.keys(fromFlags).length > 0) {
      const detail = 'the flag --resources takes all limits from the file: leave the others out';
      throw new RuntimeError({ operation: '', detail });
    }
    const name = file === '-' ? 'standard input' : file;
    const resources = file === '-' ? readDescriptor(STANDARD_INPUT) : readResources(file);
    await updateContainer(invocation.context, { id, resources, name });
  },
});

const STANDARD_INPUT = 0;

const IN_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOENT: 'no such file or directory',
};

function readResources(file: string): Uint8Array {
  const path = absolute(file);
  try {
    return readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    const detail = IN_WORDS[code ?? ''] ?? code ?? String(cause);
    throw new RuntimeError({ operation: `open ${path}`, detail, path, code, cause });
  }
}
