import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useSandbox } from '../../lib/sandbox.ts';

const sandbox = useSandbox();

for (const [what, text] of [
  ['is empty', ''],
  ['is cut off', '{"version":1,"id":"'],
  ['is of another version', '{"version":99}'],
] as const) {
  test(`a record that ${what} is told, and delete --force still removes the container`, async () => {
    const container = sandbox().container({ args: ['sleep', '1000'] });
    await container.create();
    await container.start();
    const folder = join(sandbox().root, container.id);
    expect(readdirSync(folder)).toContain('state.json');
    writeFileSync(join(folder, 'state.json'), text);
    for (const verb of ['state', 'start', 'kill', 'delete']) {
      const { status, stderr } = await sandbox().run([verb, container.id]);
      expect(status, verb).toBe(1);
      expect(stderr.trim().split('\n'), verb).toHaveLength(1);
    }
    expect((await container.tryDelete('--force')).status).toBe(0);
    expect(sandbox().leftovers()).toEqual([]);
  });
}
