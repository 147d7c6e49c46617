import { describe, expect, test } from 'vitest';
import { type AcceptedFailure, compare, type Outcome } from '../../conformance/expectations.ts';
import { readTap } from '../../conformance/tap.ts';

const outcome = (changes: Partial<Outcome>): Outcome => ({
  passed: 2,
  skipped: 0,
  failed: [],
  text: '',
  trouble: undefined,
  leftovers: [],
  ...changes,
});

const accepted = (changes: Partial<AcceptedFailure> = {}): AcceptedFailure => ({
  check: 'the limit is set',
  times: 1,
  fault: 'suite',
  reason: 'compares addresses',
  ...changes,
});

describe('readTap', () => {
  test('counts checks of several documents in one output, and skipped ones apart', () => {
    const output = [
      'TAP version 13',
      'ok 1 - one',
      '  ---',
      '  { "stdout": "not ok 9 - quoted" }',
      '  ...',
      'not ok 2 - two',
      'ok 3 # SKIP not set',
      '1..3',
      'TAP version 13',
      'ok 1 - three',
      '1..1',
      '',
    ].join('\n');
    expect(readTap(output)).toEqual({ passed: 2, skipped: 1, failed: ['two'] });
  });

  test('takes an output without a plan for what it holds', () => {
    expect(readTap('TAP version 13\nok 1 - one\n')).toEqual({ passed: 1, skipped: 0, failed: [] });
    expect(readTap('')).toEqual({ passed: 0, skipped: 0, failed: [] });
  });
});

describe('compare', () => {
  test('what is as listed is no difference', () => {
    const verdict = compare(
      { passed: 2, failed: [accepted()] },
      outcome({ failed: ['the limit is set'] }),
    );
    expect(verdict).toEqual({ differences: [], notes: [], accepted: [accepted()] });
  });

  test('an accepted failure that is gone is a difference, or a note where the machine decides', () => {
    expect(compare({ passed: 2, failed: [accepted()] }, outcome({})).differences).toEqual([
      '1 of 1 accepted failures are gone: the limit is set: take it off the list',
    ]);
    const machine = compare({ passed: 2, failed: [accepted({ fault: 'machine' })] }, outcome({}));
    expect(machine.differences).toEqual([]);
    expect(machine.notes).toHaveLength(1);
  });

  test('a race may be won or lost, but not more often than is listed', () => {
    const check = 'the limit is set';
    const listed = { passed: 2, failed: [accepted({ fault: 'race' })] };
    const won = compare(listed, outcome({ passed: 2 }));
    expect(won).toEqual({ differences: [], notes: [], accepted: [] });
    const lost = compare(listed, outcome({ passed: 1, failed: [check] }));
    expect(lost).toMatchObject({ differences: [], notes: [], accepted: [{ fault: 'race' }] });
    const twice = compare(listed, outcome({ passed: 0, failed: [check, check] }));
    expect(twice.differences).toEqual([`failed 2 times, 1 accepted: ${check}`, '1 of 2 passed']);
  });

  test('an accepted failure that does not say what is listed is a difference', () => {
    const listed = { passed: 2, failed: [accepted({ says: 'not mounted' })] };
    const failed = ['the limit is set'];
    expect(compare(listed, outcome({ failed, text: 'it is not mounted' })).differences).toEqual([]);
    expect(compare(listed, outcome({ failed, text: 'segfault' })).differences).toHaveLength(1);
  });

  test('a failure beyond the list, a check that is missing and what is left behind are differences', () => {
    const { differences } = compare(
      { passed: 3, failed: [] },
      outcome({ failed: ['b', 'b'], trouble: '1: broken', leftovers: ['container x'] }),
    );
    expect(differences).toEqual([
      'left behind: container x',
      'failed 2 times: b',
      'failed: exit status: 1: broken',
      '2 of 3 passed',
    ]);
  });

  test('a program that is not listed has to pass entirely', () => {
    expect(compare(undefined, outcome({})).differences).toEqual([]);
    expect(compare(undefined, outcome({ failed: ['x'] })).differences).toEqual(['failed: x']);
  });
});
