import { existsSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Waits until something is at a path, by watching its folder.
 *
 * @param path in a folder that exists
 */
export async function fileAppears(path: string): Promise<void> {
  const end = new AbortController();
  const events = watch(dirname(path), { signal: end.signal });
  const seen = (async () => {
    for await (const _ of events) if (existsSync(path)) return;
  })();
  // The watch exists by now: what comes later is reported, what came before is there.
  if (!existsSync(path)) return seen;
  end.abort();
  await seen.catch(() => {});
}
