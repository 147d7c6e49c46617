import { type Measurement, PEERS, type Peer, type Report } from './report.ts';
import { type Comparison, compare } from './statistics.ts';

const LEFT = 330;
const PLOT = 480;
const ROW = 40;
const BAR = 13;
const TOP = 64;
/** What the ends of the axis stand for. It is logarithmic: half as much and twice as much are equally far from the line. */
const LEAST = 0.25;
const GREATEST = 16;
const TICKS = [0.25, 0.5, 1, 2, 4, 8, 16];
const COLOURS: Readonly<Record<Peer, string>> = { runc: '#3b6ea5', crun: '#c9772c' };

/** @returns the ratios of the report as a bar chart, a document of its own; the line is the peer, left of it is better */
export function renderChart(report: Report): string {
  const { measurements, date } = report;
  const height = TOP + measurements.length * ROW + 34;
  const width = LEFT + PLOT + 90;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    '<title>runts divided by its peers</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(
      10,
      22,
      `runts divided by its peers, ${date.slice(0, 10)}: left of the line is better`,
      'bold',
    ),
    ...PEERS.flatMap((peer, index) => legend(report, peer, LEFT + index * 240)),
    ...TICKS.flatMap((ratio) => tick(ratio, height)),
    ...measurements.flatMap((measurement, index) => row(measurement, TOP + index * ROW)),
    `<line x1="${scale(1)}" x2="${scale(1)}" y1="${TOP - 6}" y2="${height - 24}" stroke="#222"/>`,
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

function tick(ratio: number, height: number): string[] {
  const x = scale(ratio);
  return [
    `<line x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - 24}" stroke="#ddd"/>`,
    text(x - 8, height - 8, `${ratio}`),
  ];
}

/** The bar, a thin line for the middle half of the rounds, and the number. */
function bar({ ratio, low, high, isNoisy }: Comparison, colour: string, y: number): string[] {
  const [from, to] = [scale(Math.min(ratio, 1)), scale(Math.max(ratio, 1))];
  const number = `${ratio.toFixed(2)}${isNoisy ? ' (noisy)' : ''}`;
  const middle = y + BAR / 2;
  return [
    `<rect x="${from}" y="${y}" width="${to - from}" height="${BAR}" fill="${colour}"${isNoisy ? ' opacity="0.5"' : ''}/>`,
    `<line x1="${scale(low)}" x2="${scale(high)}" y1="${middle}" y2="${middle}" stroke="#222"/>`,
    text(Math.max(to, scale(high)) + 6, y + BAR - 2, number),
  ];
}

/** @returns where a ratio is on the axis */
function scale(ratio: number): number {
  const shown = Math.min(Math.max(ratio, LEAST), GREATEST);
  return LEFT + Math.round((Math.log2(shown / LEAST) / Math.log2(GREATEST / LEAST)) * PLOT);
}

function text(x: number, y: number, content: string, weight = 'normal'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" font-weight="${weight}">${escaped}</text>`;
}
