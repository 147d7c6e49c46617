import { runtimeFeatures } from '../lifecycle/features.ts';
import { defineCommand } from './command.ts';
import { print } from './output.ts';
import { VERSION } from './version.ts';

export const command = defineCommand({
  name: 'features',
  description: 'Prints what this runtime can do, as JSON.',
  arguments: [],
  flags: {},
  async run() {
    print(`${JSON.stringify(runtimeFeatures(VERSION), null, 2)}\n`);
  },
});
