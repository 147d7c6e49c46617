import { checkHost, type Finding, thisHost } from '../lifecycle/check.ts';
import { absolute } from './absolute.ts';
import { defineCommand } from './command.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'check',
  description:
    'Says what this host lacks for a bundle, or for containers in general, and what to do about it. It changes nothing. The exit code is 1 where something is missing.',
  arguments: [],
  flags: {
    bundle: {
      kind: 'text',
      short: 'b',
      value: 'directory',
      help: 'the bundle to check for (default: none, which checks for what most bundles need)',
    },
    json: { kind: 'switch', help: 'for programs' },
    'no-pivot': CREATE_FLAGS['no-pivot'],
  },
  async run({ context: { root }, flags }) {
    const findings = await checkHost(thisHost(process.env.PATH), {
      bundle: flags.bundle === undefined ? undefined : absolute(flags.bundle),
      root,
      noPivot: flags['no-pivot'],
    });
    const isReady = findings.every(({ verdict }) => verdict !== 'missing');
    print(
      flags.json ? `${JSON.stringify({ ready: isReady, findings }, null, 2)}\n` : format(findings),
    );
    return isReady ? 0 : 1;
  },
});

const WIDTH = 'optional'.length;

function format(findings: readonly Finding[]): string {
  const lines: string[] = [];
  let current: string | undefined;
  for (const finding of findings) {
    if (finding.topic !== current) lines.push(`${finding.topic}:`);
    current = finding.topic;
    lines.push(formatLine(finding));
  }
  const count = findings.filter(({ verdict }) => verdict === 'missing').length;
  lines.push('', count === 0 ? 'nothing is missing' : `${count} missing`);
  return `${lines.join('\n')}\n`;
}

function formatLine({ verdict, subject, detail, remedy, pointer }: Finding): string {
  const place = pointer === undefined ? '' : `config.json ${pointer}: `;
  const advice = remedy === undefined ? '' : ` – ${remedy}`;
  return `  ${verdict.padEnd(WIDTH)}  ${place}${subject}: ${detail}${advice}`;
}
