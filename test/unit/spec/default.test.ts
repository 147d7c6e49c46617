import { describe, expect, test } from 'vitest';
import { defaultSpec } from '../../../src/spec/default.ts';
import { parseSpec } from '../../../src/spec/parse.ts';

const ROOTLESS = { rootless: { uid: 1000, gid: 1001 } };

describe('defaultSpec', () => {
  test.each([
    ['for root', {}],
    ['for an ordinary user', ROOTLESS],
  ])('%s is accepted without a warning', (_claim, options) => {
    const spec = defaultSpec(options);
    const parsed = parseSpec(Buffer.from(JSON.stringify(spec)), 'config.json');
    expect(parsed.warnings).toEqual([]);
    expect(parsed.spec).toEqual(spec);
  });

  test('runs a shell on a terminal with three capabilities in three sets', () => {
    const capabilities = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
    expect(defaultSpec().process).toMatchObject({
      args: ['sh'],
      terminal: true,
      cwd: '/',
      noNewPrivileges: true,
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    });
  });

  test('shares no array between two results', () => {
    const spec = defaultSpec();
    spec.process?.capabilities?.bounding?.push('CAP_SYS_ADMIN');
    spec.mounts?.pop();
    expect(spec.process?.capabilities?.permitted).toHaveLength(3);
    expect(defaultSpec().mounts).toHaveLength(7);
    expect(defaultSpec().process?.capabilities?.bounding).toHaveLength(3);
  });

  test('gives root every namespace but user and time, and denies all devices', () => {
    const types = defaultSpec().linux?.namespaces?.map(({ type }) => type);
    expect(types).toEqual(['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup']);
    expect(defaultSpec().linux?.resources).toEqual({ devices: [{ allow: false, access: 'rwm' }] });
  });

  test('maps an ordinary user to root, and asks for nothing that only root can do', () => {
    const spec = defaultSpec(ROOTLESS);
    expect(spec.linux).toMatchObject({
      uidMappings: [{ containerID: 0, hostID: 1000, size: 1 }],
      gidMappings: [{ containerID: 0, hostID: 1001, size: 1 }],
    });
    expect(spec.linux?.resources).toBeUndefined();
    expect(spec.linux?.namespaces?.map(({ type }) => type)).not.toContain('network');
    expect(spec.mounts?.flatMap(({ options = [] }) => options)).not.toContain('gid=5');
    expect(spec.mounts?.find(({ destination }) => destination === '/sys')).toMatchObject({
      source: '/sys',
      options: expect.arrayContaining(['rbind', 'ro']),
    });
  });
});
