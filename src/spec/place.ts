/** A place in a text file; both count from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** @returns the place of an offset (in UTF-16 units) in a text, which may be one line of megabytes */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let begin = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', begin)) {
    line++;
    begin = at + 1;
  }
  let column = 1;
  for (const _character of text.slice(begin, offset)) column++;
  return { line, column };
}
