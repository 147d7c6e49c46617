import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/lifecycle/store.ts';
import { aRecord } from './a-record.ts';
import { temporaryDirectory } from './temporary.ts';

function newStore() {
  const root = join(temporaryDirectory(), 'below', 'root');
  return openStore(root);
}

/** Another process that works on the store: prints a line for each step, goes on with each line it is sent. */
function otherProcess(root: string, script: string) {
  const store = new URL('../../../src/lifecycle/store.ts', import.meta.url).href;
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `import { createInterface } from 'node:readline';
       import { openStore } from ${JSON.stringify(store)};
       const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
       const say = (text) => console.log(text);
       const told = () => lines.next();
       const store = openStore(${JSON.stringify(root)});
       ${script}
       process.exit(0);`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    said: async (): Promise<string> => (await lines.next()).value,
    tell: () => child.stdin.write('go\n'),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('Store.reserve', () => {
  test('makes a directory that only its owner can enter', async () => {
    const store = newStore();
    const held = await store.reserve('web');
    held.release();
    expect(statSync(store.directory('web')).mode & 0o7777).toBe(0o700);
  });

  test('refuses an id that is taken, even by half a container', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    await expect(store.reserve('web')).rejects.toThrow(/^container with given ID already exists$/);
  });

  test('refuses an illegal id before anything is made', async () => {
    const store = newStore();
    await expect(store.reserve('../web')).rejects.toThrow('invalid container ID format');
    expect(store.list()).toEqual([]);
  });

  test('names a root that cannot be made', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    await expect(openStore(join(file, 'root')).reserve('web')).rejects.toThrow(
      `make the directory of all containers, ${file}/root: not a directory`,
    );
  });

  test('gives one winner among processes that want the same id at once', async () => {
    const store = newStore();
    const racers = Array.from({ length: 3 }, () =>
      otherProcess(
        store.root,
        `say('ready'); await told();
         try { await store.reserve('web'); say('won'); await told(); }
         catch (error) { say(error.message); }`,
      ),
    );
    for (const racer of racers) expect(await racer.said()).toBe('ready');
    for (const racer of racers) racer.tell();
    const results = await Promise.all(racers.map((racer) => racer.said()));
    expect(results.toSorted()).toEqual([
      'container with given ID already exists',
      'container with given ID already exists',
      'won',
    ]);
  }, 60_000);
});

describe('Store.lock', () => {
  test('is held by one process at a time, and let go by its death', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    const other = otherProcess(store.root, `await store.lock('web'); say('held'); await told();`);
    expect(await other.said()).toBe('held');
    expect(await store.isHeld('web')).toBe(true);
    await other.kill();
    expect(await store.isHeld('web')).toBe(false);
    const held = await store.lock('web');
    expect(await store.isHeld('web')).toBe(true);
    held.release();
  });

  test('of a container that was deleted while one waited is an error, not a lock on nothing', async () => {
    const store = newStore();
    const held = await store.reserve('web');
    const other = otherProcess(
      store.root,
      `say('asking'); try { await store.lock('web'); say('locked'); } catch (error) { say(error.message); }`,
    );
    expect(await other.said()).toBe('asking');
    store.remove('web');
    held.release();
    expect(await other.said()).toBe('container does not exist');
  });

  test('never follows a symbolic link', async () => {
    const store = newStore();
    mkdirSync(store.root, { recursive: true });
    symlinkSync('/tmp', store.directory('web'));
    await expect(store.lock('web')).rejects.toThrow(`open ${store.directory('web')}: `);
  });
});

describe('a directory that another user has put there', () => {
  const isRoot = process.geteuid?.() === 0;
  if (!isRoot) console.warn('skipped: only root can make a directory of another user');

  test('is neither believed nor locked', async ({ skip }) => {
    skip(!isRoot, 'only root can make a directory of another user');
    const store = newStore();
    (await store.reserve('web')).release();
    store.save(aRecord());
    chownSync(store.directory('web'), 12345, 12345);
    const refusal = `open ${store.directory('web')}: it belongs to another user (12345)`;
    expect(() => store.load('web')).toThrow(refusal);
    await expect(store.lock('web')).rejects.toThrow(refusal);
  });
});

describe('Store.load', () => {
  test('gives back what was saved', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    store.save(aRecord({ owner: 'first' }));
    store.save(aRecord({ owner: 'second' }));
    expect(store.load('web')).toEqual(aRecord({ owner: 'second' }));
    expect(readdirSync(store.directory('web'))).toEqual(['state.json']);
  });

  test('says in the words of runc that there is no such container', () => {
    expect(() => newStore().load('web')).toThrow(/^container does not exist$/);
  });

  test('says what a container is of which there is only a directory', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    expect(() => store.load('web')).toThrow(/^container web is only half made: .*delete --force/);
    expect(store.peek('web')).toBeUndefined();
  });

  test('names the file of a record that is damaged', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    writeFileSync(store.file('web', 'record'), '{');
    expect(() => store.load('web')).toThrow(`${store.file('web', 'record')} is damaged`);
    expect(() => store.peek('web')).toThrow('is damaged');
  });
});

describe('Store.list', () => {
  test('is empty where the root is not there', () => {
    expect(newStore().list()).toEqual([]);
  });

  test('has half-made containers, sorted, and nothing that is none', async () => {
    const store = newStore();
    for (const id of ['b', 'a']) (await store.reserve(id)).release();
    writeFileSync(join(store.root, 'file'), '');
    mkdirSync(join(store.root, 'no id'));
    expect(store.list()).toEqual(['a', 'b']);
  });
});

describe('Store.remove', () => {
  test('removes whatever is in the directory, and does not mind if there is none', async () => {
    const store = newStore();
    (await store.reserve('web')).release();
    writeFileSync(join(store.directory('web'), 'anything'), '');
    store.remove('web');
    store.remove('web');
    expect(store.list()).toEqual([]);
  });
});
