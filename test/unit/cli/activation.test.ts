import { describe, expect, test } from 'vitest';
import { readListenFds, readNotifySocket } from '../../../src/cli/activation.ts';

describe('readListenFds', () => {
  test.each([
    ['what is meant for this process', { LISTEN_FDS: '2', LISTEN_PID: '7' }, 2],
    ['nothing of what is meant for another process', { LISTEN_FDS: '2', LISTEN_PID: '8' }, 0],
    ['nothing of what is meant for nobody', { LISTEN_FDS: '2' }, 0],
    ['nothing of what is no number', { LISTEN_FDS: '-1', LISTEN_PID: '7' }, 0],
    ['nothing where nothing is said', {}, 0],
  ])('takes %s', (_what, environment, count) => {
    expect(readListenFds(environment, 7)).toBe(count);
  });
});

describe('readNotifySocket', () => {
  test.each([
    ['a path', '/run/systemd/notify', '/run/systemd/notify'],
    ['an abstract name', '@notify', '@notify'],
    ['no other family of sockets', 'vsock:2:1234', undefined],
    ['nothing where it is empty', '', undefined],
  ])('takes %s', (_what, NOTIFY_SOCKET, socket) => {
    expect(readNotifySocket({ NOTIFY_SOCKET })).toBe(socket);
  });
});
