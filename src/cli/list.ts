import { RuntimeError } from '../error.ts';
import { listContainers } from '../lifecycle/list.ts';
import type { ContainerState } from '../lifecycle/state.ts';
import { defineCommand } from './command.ts';
import { print } from './output.ts';

export const command = defineCommand({
  name: 'list',
  description: 'Lists the containers below the root directory.',
  arguments: [],
  flags: {
    format: {
      kind: 'text',
      short: 'f',
      value: 'format',
      help: '"table" (the default) or "json"',
    },
    quiet: { kind: 'switch', short: 'q', help: 'only the ids' },
  },
  async run({ context, flags: { format = 'table', quiet } }) {
    if (format !== 'table' && format !== 'json') {
      const detail = `invalid format option: expected "table" or "json", got ${JSON.stringify(format)}`;
      throw new RuntimeError({ operation: '', detail });
    }
    const states = await listContainers(context);
    if (quiet) print(states.map(({ id }) => `${id}\n`).join(''));
    else print(format === 'json' ? `${JSON.stringify(states)}\n` : formatTable(states));
  },
});

const COLUMNS: readonly (readonly [title: string, cell: (state: ContainerState) => string])[] = [
  ['ID', ({ id }) => id],
  ['PID', ({ pid }) => String(pid)],
  ['STATUS', ({ status }) => status],
  ['BUNDLE', ({ bundle }) => bundle],
  ['CREATED', ({ created }) => created],
  ['OWNER', ({ owner }) => owner],
];

/** As wide as runc's: scripts cut it by columns. */
const LEAST_WIDTH = 12;
const GAP = 3;

/** @returns the table of `list`, one line each below a line of titles */
export function formatTable(states: readonly ContainerState[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...states.map((state) => COLUMNS.map(([, cell]) => printable(cell(state)))),
  ];
  const widths = COLUMNS.map((_column, index) =>
    Math.max(LEAST_WIDTH, ...rows.map((row) => (row[index]?.length ?? 0) + GAP)),
  );
  return rows
    .map(
      (row) =>
        `${row.map((cell, index) => cell.padEnd(index < 5 ? (widths[index] ?? 0) : 0)).join('')}\n`,
    )
    .join('');
}

/** The path of a bundle may contain what a terminal would obey, or a line's end. */
function printable(cell: string): string {
  return cell.replaceAll(/\p{Cc}/gu, '?');
}
