import { RuntimeError } from '../error.ts';
import { join } from '../path.ts';
import { defaultSpec } from '../spec/default.ts';
import { O_CREAT, O_EXCL, writeFile } from '../syscalls/files.ts';
import { absolute } from './absolute.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  name: 'spec',
  description: 'Writes a config.json to begin with; one that is there is left alone.',
  arguments: [],
  flags: {
    bundle: {
      kind: 'text',
      short: 'b',
      value: 'directory',
      help: 'where it is written (default: the working directory)',
    },
    rootless: {
      kind: 'switch',
      help: 'one that the user who calls can run without privileges',
    },
  },
  async run({ flags: { bundle = '.', rootless } }) {
    const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const spec = defaultSpec(rootless ? { rootless: user } : {});
    writeNew(join(absolute(bundle), 'config.json'), `${JSON.stringify(spec, null, 2)}\n`);
  },
});

function writeNew(path: string, text: string): void {
  try {
    writeFile(path, text, O_CREAT | O_EXCL, 0o644);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    const detail =
      code === 'EEXIST'
        ? 'it exists already: remove it first'
        : code === 'ENOENT' || code === 'ENOTDIR'
          ? 'the bundle does not exist, or is no directory'
          : (code ?? String(cause));
    throw new RuntimeError({ operation: `write ${path}`, detail, path, code, cause });
  }
}
