import { closeSync, openSync } from 'node:fs';
import { expect } from 'vitest';
import { observe } from '../lib/observe.ts';
import { useSandbox } from '../lib/sandbox.ts';
import { must } from './must.ts';

const sandbox = useSandbox();

must('descriptors.three', async () => {
  const container = sandbox().container({ args: ['ls', '/proc/self/fd'] });
  const extra = [openSync('/', 'r'), openSync('/etc/passwd', 'r')];
  const { status, stdout } = await container.run([], { descriptors: extra });
  for (const descriptor of extra) closeSync(descriptor);
  // The fourth is the folder that ls reads.
  expect({ status, stdout }).toEqual({ status: 0, stdout: '0\n1\n2\n3\n' });
});

must('links.dev', async () => {
  const names = ['fd', 'stdin', 'stdout', 'stderr'];
  const { links } = await observe(sandbox(), {
    links: names.map((name) => `readlink /dev/${name}`).join('; '),
  });
  expect(links.split('\n')).toEqual([
    '/proc/self/fd',
    '/proc/self/fd/0',
    '/proc/self/fd/1',
    '/proc/self/fd/2',
  ]);
});
