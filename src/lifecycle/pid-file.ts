import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RuntimeError } from '../error.ts';

/**
 * Writes a pid as digits without a newline; the file appears whole, by rename.
 *
 * @throws RuntimeError that names the file
 */
export function writePidFile(path: string, pid: number): void {
  const unfinished = join(dirname(path), `.${basename(path)}.${pid}`);
  try {
    writeFileSync(unfinished, String(pid), { mode: 0o644, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    const code = (cause as NodeJS.ErrnoException).code;
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
