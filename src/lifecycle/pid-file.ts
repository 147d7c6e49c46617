import { RuntimeError } from '../error.ts';
import { basename, dirname, join } from '../path.ts';
import { O_CREAT, O_EXCL, removeFile, renameFile, writeFile } from '../syscalls/files.ts';
import { errnoOf } from './fs-error.ts';

/**
 * Writes a pid as digits without a newline; the file appears whole, by rename.
 *
 * @throws RuntimeError that names the file
 */
export function writePidFile(path: string, pid: number): void {
  const unfinished = join(dirname(path), `.${basename(path)}.${pid}`);
  try {
    writeFile(unfinished, String(pid), O_CREAT | O_EXCL, 0o644);
    renameFile(unfinished, path);
  } catch (cause) {
    removeFile(unfinished);
    const code = errnoOf(cause);
    throw new RuntimeError({
      operation: `write --pid-file ${path}`,
      detail:
        code === 'ENOENT' ? 'no such file or directory: its directory must be there' : String(code),
      path,
      code,
      cause,
    });
  }
}
