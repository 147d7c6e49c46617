import { RuntimeError } from '../error.ts';
import { type PlanReport, planBundle, planOfContainer } from '../lifecycle/plan.ts';
import { planToJson, printPlan } from '../plan/print.ts';
import { absolute } from './absolute.ts';
import { defineCommand } from './command.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'plan',
  description:
    'Prints what create and start would do for a bundle, or have done for a container, and does nothing.',
  arguments: ['[container-id]'],
  flags: {
    bundle: CREATE_FLAGS.bundle,
    id: {
      kind: 'text',
      value: 'id',
      help: 'what the container of the bundle would be called (default: the name of the directory)',
    },
    json: { kind: 'switch', help: 'for programs' },
    'no-pivot': CREATE_FLAGS['no-pivot'],
    'no-new-keyring': CREATE_FLAGS['no-new-keyring'],
    'preserve-fds': CREATE_FLAGS['preserve-fds'],
  },
  async run({ context, flags, args: [container] }) {
    if (container !== undefined && (flags.bundle ?? flags.id) !== undefined) {
      const detail = 'expected a container that exists, or --bundle (and --id), got both';
      throw new RuntimeError({ operation: '', detail });
    }
    const report =
      container === undefined
        ? await planBundle({
            bundle: absolute(flags.bundle ?? '.'),
            id: flags.id,
            noPivot: flags['no-pivot'],
            noNewKeyring: flags['no-new-keyring'],
            preserveFds: flags['preserve-fds'] ?? 0,
          })
        : planOfContainer(context, container);
    print(flags.json ? formatJson(report) : formatText(report));
  },
});

function formatJson({ plan, warnings }: PlanReport): string {
  return `${JSON.stringify({ ...planToJson(plan), warnings }, null, 2)}\n`;
}

function formatText({ plan, warnings }: PlanReport): string {
  const lines = warnings.map((warning) => `warning: ${warning}\n`).join('');
  return printPlan(plan) + (lines === '' ? '' : `\n${lines}`);
}
