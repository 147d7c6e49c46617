import { describe, expect, test } from 'vitest';
import { activate } from '../../../src/lifecycle/activation.ts';
import type { Spec } from '../../../src/spec/types.ts';

const SPEC: Spec = {
  ociVersion: '1.3.0',
  root: { path: 'rootfs' },
  mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
  process: { args: ['true'], cwd: '/', env: ['A=b'] },
};

describe('activate', () => {
  test('leaves a configuration alone where nothing is handed over', () => {
    const { spec, said } = activate(SPEC, { listenFds: 0, notifyDirectory: undefined });
    expect(spec).toBe(SPEC);
    expect(said.size).toBe(0);
  });

  test('tells the program how many sockets it has', () => {
    const { spec } = activate(SPEC, { listenFds: 2, notifyDirectory: undefined });
    expect(spec.process?.env).toEqual(['A=b', 'LISTEN_FDS=2', 'LISTEN_PID=1']);
    expect(spec.mounts).toEqual(SPEC.mounts);
  });

  test('mounts the folder of the socket for notifications, and says that nobody wrote that into config.json', () => {
    const { spec, said } = activate(SPEC, { listenFds: 0, notifyDirectory: '/state/notify' });
    expect(spec.process?.env).toEqual(['A=b', 'NOTIFY_SOCKET=/run/notify/notify.sock']);
    expect(spec.mounts?.at(-1)).toMatchObject({
      destination: '/run/notify',
      source: '/state/notify',
    });
    expect([...said]).toEqual([['/mounts/1', 'NOTIFY_SOCKET']]);
  });

  test('adds nothing to a container without a process', () => {
    const { process: _, ...spec } = SPEC;
    expect(activate(spec, { listenFds: 1, notifyDirectory: '/n' }).spec).toBe(spec);
  });
});
