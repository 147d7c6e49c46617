import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { runtimeFeatures } from '../../../src/lifecycle/features.ts';

const OFFICIAL = '../shared/oci-schema';

describe('runtimeFeatures', () => {
  const features = runtimeFeatures('1.2.3');

  test('says which versions of the specification are understood, without which CRI-O refuses', () => {
    expect(features).toMatchObject({ ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' });
  });

  test('lists no option of a mount that is refused', () => {
    expect(features.mountOptions).toEqual(expect.arrayContaining(['rbind', 'rro', 'tmpcopyup']));
    expect(features.mountOptions).not.toContain('idmap');
  });

  test('lists every kind of namespace', () => {
    expect(features.linux.namespaces).toEqual([
      ...['cgroup', 'ipc', 'mount', 'network', 'pid', 'time', 'user', 'uts'],
    ]);
  });

  test('promises neither cgroup v2 nor systemd', () => {
    expect(features.linux.cgroup).toMatchObject({ v1: true, v2: false, systemd: false });
  });

  test('fits the schema of the OCI', ({ skip }) => {
    skip(!existsSync(OFFICIAL), `there is no ${OFFICIAL} to compare with`);
    const ajv = new Ajv({ strict: false, logger: false });
    for (const name of readdirSync(OFFICIAL).filter((file) => file.endsWith('.json'))) {
      const { $schema: _, ...schema } = JSON.parse(readFileSync(`${OFFICIAL}/${name}`, 'utf8'));
      ajv.addSchema(schema, name);
    }
    ajv.validate('features-schema.json', JSON.parse(JSON.stringify(features)));
    expect(ajv.errors).toBeNull();
  });
});
