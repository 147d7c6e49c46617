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

test('the chart has a bar for each ratio, and cuts off what is beyond its edge', () => {
  const slow: Measurement = { ...RUN, values: { runts: [[90]], runc: [[10]], crun: [[60]] } };
  const chart = renderChart(report(RUN, slow));
  expect(chart.match(/<rect [^>]*height="13"/g)).toHaveLength(3);
  expect(chart).toContain('width="480"');
  expect(chart).toContain('>9.00<');
  expect(chart).toContain('run &amp; more');
});

test('the seccomp profile of the benchmark is one that compiles', () => {
  const profile = makeSeccompProfile() as NonNullable<NonNullable<Spec['linux']>['seccomp']>;
  expect(compileSeccomp(profile, 'x64').filter.length).toBeGreaterThan(1000);
});
