import { RuntimeError } from '../error.ts';

/** The id names a directory, and a file name has at most 255 bytes (NAME_MAX); runc stops at 1024 and fails later. */
const LONGEST = 255;

/**
 * Refuses an id that runc refuses: letters, digits and `_+-.` are allowed, and no name that means a directory.
 *
 * @throws RuntimeError with runc's text
 */
export function checkId(id: string): void {
  if (isId(id)) return;
  const isName = hasForm(id);
  throw new RuntimeError({
    operation: '',
    detail: `invalid container ID format: expected ${
      isName ? `at most ${LONGEST} characters` : 'letters, digits, "_", "+", "-" and "."'
    }, got ${isName ? id.length : shown(id)}`,
    code: 'EINVAL',
  });
}

/** @returns whether an id is legal, see {@link checkId} */
export function isId(id: string): boolean {
  return hasForm(id) && id.length <= LONGEST;
}

function hasForm(id: string): boolean {
  return /^[\w+.-]+$/.test(id) && id !== '.' && id !== '..';
}

function shown(id: string): string {
  return id === '' ? 'an empty one' : JSON.stringify(id.slice(0, 60));
}
