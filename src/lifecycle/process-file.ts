import { RuntimeError } from '../error.ts';
import { parseProcess } from '../spec/parse-process.ts';
import type { Process, Spec } from '../spec/types.ts';
import { readFile } from '../syscalls/files.ts';
import { errnoOf, fileError } from './fs-error.ts';

/**
 * Reads the file of `exec --process`.
 *
 * @param spec of the container, which the process has to fit
 * @throws RuntimeError: unreadable, not JSON. SpecError: every failure, with line and column
 */
export function readProcessFile(path: string, spec: Spec): Process {
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (cause) {
    const code = errnoOf(cause);
    if (code !== 'ENOENT') throw fileError(`read --process ${path}`, path, cause);
    const detail = 'no such file or directory';
    throw new RuntimeError({ operation: `read --process ${path}`, detail, path, code, cause });
  }
  return parseProcess(bytes, path, spec);
}
