import { describe, expect, test } from 'vitest';
import { formatTable } from '../../../src/cli/list.ts';
import type { ContainerState } from '../../../src/lifecycle/state.ts';

const WEB: ContainerState = {
  ociVersion: '1.3.0',
  id: 'web',
  pid: 5681,
  status: 'created',
  bundle: '/tmp/lc-probe/b',
  rootfs: '/tmp/lc-probe/b/rootfs',
  created: '2026-11-21T10:46:20.157046156Z',
  owner: 'root',
};

describe('formatTable', () => {
  test('has the columns of runc, as wide as there', () => {
    expect(formatTable([WEB])).toBe(
      [
        'ID          PID         STATUS      BUNDLE            CREATED                          OWNER',
        'web         5681        created     /tmp/lc-probe/b   2026-11-21T10:46:20.157046156Z   root',
        '',
      ].join('\n'),
    );
  });

  test('of nothing is the line of titles', () => {
    expect(formatTable([])).toBe(
      'ID          PID         STATUS      BUNDLE      CREATED     OWNER\n',
    );
  });

  test('prints nothing that a terminal obeys or that ends a line', () => {
    const table = formatTable([{ ...WEB, bundle: '/b\n\u001b[2J\u009b' }]);
    expect(table.split('\n')).toHaveLength(3);
    expect(table).toContain('/b??[2J?');
  });
});
