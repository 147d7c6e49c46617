import { expect, test } from 'vitest';
import { compare, judge, quantile, summarize } from '../../../bench/lib/statistics.ts';

test('quantile lies between two values where it falls between them', () => {
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(quantile([7], 0.75)).toBe(7);
});

test('a summary is of all values of all rounds', () => {
  expect(summarize([[1, 2], [3], [4, 5]])).toEqual({
    median: 3,
    least: 1,
    spread: 2 / 3,
    count: 5,
  });
});

test('nothing measured has neither summary nor comparison', () => {
  expect(summarize([])).toBeUndefined();
  expect(summarize([[]])).toBeUndefined();
  expect(compare([], [[1]])).toBeUndefined();
  expect(compare([[1]], [])).toBeUndefined();
});

test('a comparison is made round by round, so that a slow round of both sides changes nothing', () => {
  const comparison = compare([[10], [100], [10]], [[20], [200], [20]]);
  expect(comparison).toEqual({ ratio: 0.5, low: 0.5, high: 0.5, isNoisy: false });
});

test('a comparison uses the rounds that both sides have', () => {
  expect(compare([[1], [3]], [[2]])?.ratio).toBe(0.5);
});

test('a comparison whose rounds disagree is noisy', () => {
  expect(compare([[1], [2], [4]], [[2], [2], [2]])?.isNoisy).toBe(true);
});

test('a target is met or missed, also on a noisy machine when the noise could not turn the answer', () => {
  const ratio = { ratio: 0.5, low: 0.3, high: 0.7 };
  expect(judge({ ...ratio, isNoisy: false }, 0.6)).toBe('met');
  expect(judge({ ...ratio, isNoisy: false }, 0.4)).toBe('missed');
  expect(judge({ ...ratio, isNoisy: true }, 0.9)).toBe('met');
  expect(judge({ ...ratio, isNoisy: true }, 0.2)).toBe('missed');
  expect(judge({ ...ratio, isNoisy: true }, 0.4)).toBe('too noisy to tell');
});
