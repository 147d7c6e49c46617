import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/*
 * Worker threads end without waiting for the addon's threads. Freed memory is overwritten (MALLOC_PERTURB_, mallopt(3)),
 * so that a thread that touches what its worker has freed crashes.
 */
const SCRIPT = `
const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads');
const addon = require(process.env.ADDON).bind(class extends Error {});
const WAITING = 3;
const nothing = new Int32Array();
async function main() {
  const [left, right] = addon.socketpair();
  for (let round = 0; round < 10; round++) {
    const worker = new Worker(process.env.SCRIPT, { eval: true, workerData: right });
    await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
    for (let count = 0; count < WAITING; count++) addon.sendMessage(left, Buffer.from('x'), nothing);
  }
  // A thread of a worker may be quicker than this one: then one more message wakes it.
  const message = addon.receiveMessageAsync(right, 10, 0);
  addon.sendMessage(left, Buffer.from('x'), nothing);
  addon.shutdownSocket(right);
  await message;
  addon.receiveMessageAsync(left, 10, 0);
  console.log('alive');
  process.exit(0);
}
if (isMainThread) main();
else {
  for (let count = 0; count < WAITING; count++) addon.receiveMessageAsync(workerData, 10, 0).catch(() => 0);
  parentPort.postMessage('waiting');
  setInterval(() => 0, 1000);
}
`;

test('a worker that ends while its threads wait takes nobody with it, and neither does process.exit', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', SCRIPT], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      MALLOC_PERTURB_: '170',
      ADDON: resolve('build/Release/runts.node'),
      SCRIPT,
    },
  });
  expect(stdout).toBe('alive\n');
});
