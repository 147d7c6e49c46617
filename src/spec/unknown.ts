import { type KnownNames, knownNames } from './generated/names.js';
import { escapeToken, type JsonMap } from './json-parser.ts';

/**
 * Finds properties that the schema does not know. spec.md, "Extensibility": they are no error; a misspelt one is
 * worth a line in the log all the same.
 *
 * @returns JSON pointers, in the order of the document; nothing below an unknown property
 */
export function findUnknown(value: unknown): string[] {
  const pointers: string[] = [];
  const path: string[] = [];
  visit(value, knownNames);
  return pointers;

  function visit(place: unknown, names: KnownNames | null): void {
    if (names === null || typeof place !== 'object' || place === null) return;
    const forEach = names['*'];
    for (const [name, child] of Object.entries(place as JsonMap)) {
      path.push(name);
      if (forEach !== undefined) visit(child, forEach);
      else if (Object.hasOwn(names, name)) visit(child, names[name] ?? null);
      else pointers.push(path.map((token) => `/${escapeToken(token)}`).join(''));
      path.pop();
    }
  }
}
