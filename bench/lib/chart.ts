import { type Measurement, PEERS, type Peer, type Report } from './report.ts';
import { type Comparison, compare } from './statistics.ts';

const LEFT = 330;
const PLOT = 480;
const ROW = 40;
const BAR = 13;
const TOP = 64;
/** A ratio beyond this one is cut off, and its number says so. */
const GREATEST = 2;
const COLOURS: Readonly<Record<Peer, string>> = { runc: '#3b6ea5', crun: '#c9772c' };

/** @returns the ratios of the report as a bar chart, a document of its own; shorter is better, the line is the peer */
export function renderChart(report: Report): string {
  const { measurements, date } = report;
  const height = TOP + measurements.length * ROW + 20;
  const width = LEFT + PLOT + 90;
  const one = LEFT + PLOT / GREATEST;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    '<title>runts divided by its peers</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(10, 22, `runts divided by its peers, ${date.slice(0, 10)}: shorter is better`, 'bold'),
    ...PEERS.flatMap((peer, index) => legend(report, peer, LEFT + index * 240)),
    ...measurements.flatMap((measurement, index) => row(measurement, TOP + index * ROW)),
    `<line x1="${one}" x2="${one}" y1="${TOP - 6}" y2="${height - 14}" stroke="#222" stroke-dasharray="4 3"/>`,
    '</svg>',
  ].join('\n')}\n`;
}

function legend({ versions }: Report, peer: Peer, x: number): string[] {
  return [
    `<rect x="${x}" y="34" width="12" height="12" fill="${COLOURS[peer]}"/>`,
    text(x + 18, 45, `against ${versions[peer]}`),
  ];
}

function row({ title, values }: Measurement, y: number): string[] {
  const bars = PEERS.flatMap((peer, index) => {
    const comparison = compare(values.runts ?? [], values[peer] ?? []);
    return comparison === undefined ? [] : bar(comparison, COLOURS[peer], y + index * (BAR + 2));
  });
  return [text(10, y + BAR + 5, title), ...bars];
}

/** The bar, a thin line for the middle half of the rounds, and the number. */
function bar({ ratio, low, high, isNoisy }: Comparison, colour: string, y: number): string[] {
  const end = LEFT + scale(ratio);
  const number = `${ratio.toFixed(2)}${isNoisy ? ' (noisy)' : ''}`;
  const middle = y + BAR / 2;
  return [
    `<rect x="${LEFT}" y="${y}" width="${scale(ratio)}" height="${BAR}" fill="${colour}"${isNoisy ? ' opacity="0.5"' : ''}/>`,
    `<line x1="${LEFT + scale(low)}" x2="${LEFT + scale(high)}" y1="${middle}" y2="${middle}" stroke="#222"/>`,
    text(Math.max(end, LEFT + scale(high)) + 6, y + BAR - 2, number),
  ];
}

function scale(ratio: number): number {
  return Math.round((Math.min(ratio, GREATEST) / GREATEST) * PLOT);
}

function text(x: number, y: number, content: string, weight = 'normal'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" font-weight="${weight}">${escaped}</text>`;
}
