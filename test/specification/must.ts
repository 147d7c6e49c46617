import { type TestContext, test } from 'vitest';
import { CLAUSES, type ClauseId } from './clauses.ts';

/**
 * A test that proves clauses of the specification; it is named after them.
 *
 * @param ids one clause, or those that one observation proves together
 */
export function must(
  ids: ClauseId | readonly ClauseId[],
  prove: (context: TestContext) => void | Promise<void>,
): void {
  const names = (typeof ids === 'string' ? [ids] : ids).map((id) => {
    const clause = CLAUSES.get(id);
    if (clause === undefined) throw new Error(`no clause ${id}`);
    return `${clause.document}, ${clause.section}: ${clause.claim} [${id}]`;
  });
  test(names.join('; '), prove);
}
