import { expect, test } from 'vitest';
import { renderChart } from '../../../bench/lib/chart.ts';
import type { Measurement, Report } from '../../../bench/lib/report.ts';
import { makeSeccompProfile } from '../../../bench/lib/seccomp-profile.ts';
import { renderTable } from '../../../bench/lib/table.ts';
import { compileSeccomp } from '../../../src/seccomp/compile.ts';
import type { Spec } from '../../../src/spec/types.ts';

const RUN: Measurement = {
  name: 'run',
  title: 'run & more',
  unit: 'ms',
  values: { runts: [[8], [9], [10]], runc: [[20], [20], [20]] },
  targets: { runc: 0.4, crun: 1 },
  failures: { crun: 'no such cgroup' },
};

function report(...measurements: readonly Measurement[]): Report {
  return {
    date: '2026-11-21T12:34:56.789Z',
    machine: 'two of something',
    versions: { runts: 'runts 1', runc: 'runc 2', crun: 'crun 3' },
    isQuick: false,
    load: [0.1, 0.2],
    seconds: 60,
    measurements,
  };
}

test('the table has medians, ratios and verdicts, and says why a cell is empty', () => {
  const table = renderTable(report(RUN));
  expect(table).toContain(
    '| run & more | 9.00 ms ± 6 % | 20.0 ms ± 0 % | – | 0.45 | – | ≤ 0.4 of runc: **missed**; ≤ 1 of crun: not measured |',
  );
  expect(table).toContain('run & more, crun: no such cgroup');
  expect(table).toContain('The machine was quiet enough for all 1 ratios.');
});

test('the table says for which ratios the machine was too noisy', () => {
  const noisy: Measurement = { ...RUN, values: { ...RUN.values, runts: [[4], [8], [16]] } };
  const table = renderTable(report(noisy));
  expect(table).toContain('0.40 *noisy*');
  expect(table).toContain('≤ 0.4 of runc: too noisy to tell');
  expect(table).toContain('The machine was too noisy for 1 of 1 ratios.');
});

test('the chart has a bar for each ratio, from the line of the peer to either side', () => {
  const slow: Measurement = { ...RUN, values: { runts: [[90]], runc: [[45]], crun: [[180]] } };
  const chart = renderChart(report(slow));
  // A sixth of the axis for each doubling, from 0.25 to 16; the line of the peer is at 490.
  expect(chart).toContain('<rect x="490" y="64" width="80" height="13"');
  expect(chart).toContain('<rect x="410" y="79" width="80" height="13"');
  expect(chart).toContain('>2.00<');
  expect(chart).toContain('>0.50<');
});

test('the chart cuts off what is beyond its edges, and says how much it is', () => {
  const far: Measurement = { ...RUN, values: { runts: [[90]], runc: [[1]], crun: [[900]] } };
  const chart = renderChart(report(far));
  expect(chart).toContain('<rect x="490" y="64" width="320" height="13"');
  expect(chart).toContain('<rect x="330" y="79" width="160" height="13"');
  expect(chart).toContain('>90.00<');
  expect(chart).toContain('>0.10<');
});

test('the chart has no bar where nothing was measured, and escapes what it prints', () => {
  const chart = renderChart(report(RUN));
  expect(chart.match(/<rect [^>]*height="13"/g)).toHaveLength(1);
  expect(chart).toContain('run &amp; more');
});

test('the seccomp profile of the benchmark is one that compiles', () => {
  const profile = makeSeccompProfile() as NonNullable<NonNullable<Spec['linux']>['seccomp']>;
  expect(compileSeccomp(profile, 'x64').filter.length).toBeGreaterThan(1000);
});
