import { describe, expect, test } from 'vitest';
import {
  checkTransition,
  notRunningError,
  STATUSES,
  type Status,
  TRANSITIONS,
  type Verb,
} from '../../../src/lifecycle/transitions.ts';

function answer(verb: Verb, status: Status): string {
  try {
    checkTransition(verb, status, 'web');
    return 'allowed';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The whole matrix, written out: a change of the table must be wanted twice. */
const MATRIX: Readonly<Record<Verb, Readonly<Record<Status, string>>>> = {
  start: {
    creating: 'cannot start a container that is still being created',
    created: 'allowed',
    running: 'cannot start an already running container',
    paused: 'cannot start an already running container: it is paused',
    stopped: 'cannot start a container that has stopped',
  },
  kill: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'container not running: no such process',
  },
  killAll: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  exec: {
    creating: 'cannot exec in a container that is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'cannot exec in a paused container (use --ignore-paused to override)',
    stopped: 'cannot exec in a stopped container',
  },
  execPaused: {
    creating: 'cannot exec in a container that is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'cannot exec in a stopped container',
  },
  delete: {
    creating: 'cannot delete container web that is not stopped: creating',
    created: 'cannot delete container web that is not stopped: created',
    running: 'cannot delete container web that is not stopped: running',
    paused: 'cannot delete container web that is not stopped: paused',
    stopped: 'allowed',
  },
  forceDelete: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  ps: {
    creating: 'allowed',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'allowed',
  },
  pause: {
    creating: 'container not running: it is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'container not running: it is paused already',
    stopped: 'container not running: no such process',
  },
  resume: {
    creating: 'container not paused: it is creating',
    created: 'container not paused: it is created',
    running: 'container not paused: it is running',
    paused: 'allowed',
    stopped: 'container not paused: it is stopped',
  },
  events: {
    creating: 'container with id web is not running: it is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'container with id web is not running',
  },
  update: {
    creating: 'container not running: it is still being created',
    created: 'allowed',
    running: 'allowed',
    paused: 'allowed',
    stopped: 'container not running: no such process',
  },
};

describe('checkTransition', () => {
  const cases = Object.entries(MATRIX).flatMap(([verb, row]) =>
    STATUSES.map((status) => [verb as Verb, status, row[status]] as const),
  );
  test.each(cases)('%s of a container that is %s: %s', (verb, status, expected) => {
    expect(answer(verb, status)).toBe(expected);
  });

  test('covers every verb of the table', () => {
    expect(Object.keys(MATRIX)).toEqual(Object.keys(TRANSITIONS));
  });
});

describe('notRunningError', () => {
  test('satisfies containerd, which wants the one text, and CRI-O, which takes either', () => {
    expect(notRunningError().message).toContain('container not running');
    expect(notRunningError().message).toContain('no such process');
    expect(notRunningError().code).toBe('ESRCH');
  });

  test('says what the table says', () => {
    expect(notRunningError().message).toBe(answer('kill', 'stopped'));
  });
});
