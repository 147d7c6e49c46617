import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseSignal, signalName } from '../../../src/lifecycle/signals.ts';

describe('parseSignal', () => {
  test.each([
    ['9', 9],
    ['0', 0],
    ['64', 64],
    ['KILL', 9],
    ['SIGKILL', 9],
    ['sigterm', 15],
    ['Hup', 1],
    ['WINCH', 28],
    ['CLD', 17],
    ['IOT', 6],
    ['RTMIN', 34],
    ['SIGRTMIN', 34],
    ['rtmin+3', 37],
    ['RTMIN+30', 64],
    ['RTMAX', 64],
    ['SIGRTMAX-1', 63],
    ['RTMAX-30', 34],
  ])('reads %s as %i', (text, number) => {
    expect(parseSignal(text)).toBe(number);
  });

  test.each(Object.entries(constants.signals))('knows %s as the platform does', (name, number) => {
    expect(parseSignal(name)).toBe(number);
  });

  test.each([
    '',
    'BOGUS',
    'SIG',
    'SIGSIGKILL',
    '-9',
    '65',
    '999999999999999999999',
    '9 ',
    '0x9',
    '9.0',
    'RTMIN+31',
    'RTMAX-31',
    'RTMIN-1',
    'RTMIN+',
    'constructor',
    'toString',
  ])('refuses %j by name, on one line', (text) => {
    expect(() => parseSignal(text)).toThrow(/^unknown signal ".*": expected [^\n]+$/);
  });
});

describe('signalName', () => {
  test.each([
    [1, 'SIGHUP'],
    [6, 'SIGABRT'],
    [15, 'SIGTERM'],
    [17, 'SIGCHLD'],
    [29, 'SIGIO'],
    [31, 'SIGSYS'],
    [40, 'signal 40'],
  ])('names %i %s', (number, name) => {
    expect(signalName(number)).toBe(name);
  });
});
