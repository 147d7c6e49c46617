import type { Measurement, Peer, Report, RuntimeName } from './report.ts';
import { compare, judge, NOISY, summarize } from './statistics.ts';

const RUNTIMES: readonly RuntimeName[] = ['runts', 'runc', 'crun'];

/** @returns the report as a Markdown page */
export function renderTable(report: Report): string {
  const { versions, machine, date, load, isQuick, seconds } = report;
  return `${[
    `# Side by side${isQuick ? ', quick' : ''}`,
    '',
    `${date.slice(0, 16).replace('T', ' ')} UTC, ${machine}.`,
    `${RUNTIMES.map((name) => versions[name]).join(', ')}.`,
    `Load average ${load.join(' before, ')} after; the run took ${Math.round(seconds)} s.`,
    '',
    'Medians, ± half of the range that the middle half of the values takes up. A ratio is ours divided by theirs, the median of',
    `the ratios of the single rounds: below 1 is less than the peer. *noisy*: the middle half of the ratios spreads over more`,
    `than ${NOISY * 100} % of their median.`,
    '',
    '| | runts | runc | crun | ÷ runc | ÷ crun | targets |',
    '|---|--:|--:|--:|--:|--:|---|',
    ...report.measurements.map(renderRow),
    '',
    ...report.measurements.flatMap(renderFailures),
    closing(report.measurements),
  ].join('\n')}\n`;
}

function renderRow(measurement: Measurement): string {
  const cells = [
    measurement.title,
    ...RUNTIMES.map((name) => renderValue(measurement, name)),
    renderRatio(measurement, 'runc'),
    renderRatio(measurement, 'crun'),
    renderTargets(measurement),
  ];
  return `| ${cells.join(' | ')} |`;
}

function renderValue({ values, unit }: Measurement, name: RuntimeName): string {
  const summary = summarize(values[name] ?? []);
  if (summary === undefined) return '–';
  const spread = summary.count === 1 ? '' : ` ± ${Math.round(summary.spread * 50)} %`;
  return `${threeDigits(summary.median)} ${unit}${spread}`;
}

function renderRatio({ values }: Measurement, peer: Peer): string {
  const comparison = compare(values.runts ?? [], values[peer] ?? []);
  if (comparison === undefined) return '–';
  return `${comparison.ratio.toFixed(2)}${comparison.isNoisy ? ' *noisy*' : ''}`;
}

function renderTargets({ values, targets }: Measurement): string {
  const parts: string[] = [];
  for (const peer of ['runc', 'crun'] as const) {
    const target = targets[peer];
    if (target === undefined) continue;
    const comparison = compare(values.runts ?? [], values[peer] ?? []);
    const verdict = comparison === undefined ? 'not measured' : judge(comparison, target);
    parts.push(`≤ ${target} of ${peer}: ${verdict === 'missed' ? '**missed**' : verdict}`);
  }
  return parts.join('; ');
}

function renderFailures({ title, failures }: Measurement): string[] {
  return Object.entries(failures).map(([name, why]) => `- ${title}, ${name}: ${why}\n`);
}

/** The first thing to know about a table of times: whether they can be believed. */
function closing(measurements: readonly Measurement[]): string {
  const ratios = measurements
    .flatMap(({ values }) => [values.runc, values.crun].map((peer) => [values.runts, peer]))
    .map(([ours, theirs]) => compare(ours ?? [], theirs ?? []))
    .filter((comparison) => comparison !== undefined);
  const noisy = ratios.filter(({ isNoisy }) => isNoisy).length;
  if (noisy === 0) return `The machine was quiet enough for all ${ratios.length} ratios.`;
  return `The machine was too noisy for ${noisy} of ${ratios.length} ratios.`;
}

/** Three digits that count, as far as they are in front of the point or behind it. */
function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
