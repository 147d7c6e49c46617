/**
 * Holds the schema against the OCI's own, where that lies beside the project. Set SEED to try other configurations.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Failure, valueAt } from '../../../src/spec/failure.ts';
import { type KnownNames, knownNames } from '../../../src/spec/generated/names.js';
import { findShapeFailures } from '../../../src/spec/shape.ts';
import { findUnknown } from '../../../src/spec/unknown.ts';
import { FULL } from './full.ts';
import { chanceFrom, mutated } from './mutate.ts';
import { type Changes, configWith, documentOf } from './support.ts';

const FOLDER = '../shared/oci-schema';
const here = existsSync(`${FOLDER}/config-schema.json`);

const SEED = Number(process.env.SEED ?? 1);
const ROUNDS = 3000;

interface Difference {
  readonly reason: string;
  /** Changes to a small configuration that show it. */
  readonly example: Changes;
}

/** Where this schema refuses what the official one takes. */
const STRICTER: readonly (Difference & { explains(failure: Failure, got: unknown): boolean })[] = [
  {
    reason: 'config.md: root is REQUIRED on all but Windows, where it depends on the isolation',
    example: { '/root': undefined },
    explains: ({ pointer, detail }) => pointer === '' && detail.endsWith('"root"'),
  },
  {
    reason: 'config.md: args is REQUIRED where commandLine is not set, which is for Windows',
    example: { '/process/args': undefined },
    explains: ({ pointer, detail }) => pointer === '/process' && detail.endsWith('"args"'),
  },
  {
    reason: 'config.md: one or more entries are REQUIRED in args',
    example: { '/process/args': [] },
    explains: ({ pointer, detail }) =>
      pointer === '/process/args' && detail.startsWith('expected at least 1 entry'),
  },
  {
    reason: 'config-linux.md: rate is REQUIRED in a throttle of a device',
    example: {
      '/linux/resources/blockIO': { throttleReadBpsDevice: [{ major: 8, minor: 0 }] },
    },
    explains: ({ pointer, detail }) =>
      /^\/linux\/resources\/blockIO\/throttle\w+\/\d+$/.test(pointer) && detail.endsWith('"rate"'),
  },
  {
    reason: 'config-linux.md: domain is REQUIRED in a personality',
    example: { '/linux/personality': {} },
    explains: ({ pointer, detail }) =>
      pointer === '/linux/personality' && detail.endsWith('"domain"'),
  },
  {
    reason: 'the pattern for names of a map passes over the empty one: its value may be anything',
    example: { '/annotations': { '': 1 } },
    explains: ({ pointer }) =>
      /^\/(annotations|linux\/sysctl|linux\/resources\/unified)\/$/.test(pointer),
  },
  {
    reason: 'an integer without bounds is kept in 53 bits: no score and no timeout needs more',
    example: { '/process/oomScoreAdj': 1e20 },
    explains: ({ pointer }, got) =>
      typeof got === 'bigint' &&
      (pointer === '/process/oomScoreAdj' ||
        (/^\/hooks\/\w+\/\d+\/timeout$/.test(pointer) && got > 0)),
  },
];

/** Where this schema takes what the official one refuses. */
const WIDER: readonly (Difference & { explains(error: ErrorObject, got: unknown): boolean })[] = [
  {
    reason: 'Podman writes the type of the file into fileMode; rules/devices.ts looks at its bits',
    example: { '/linux/devices': [{ type: 'c', path: '/a', major: 1, minor: 1, fileMode: 8630 }] },
    explains: ({ instancePath }, got) =>
      /^\/linux\/devices\/\d+\/fileMode$/.test(instancePath) &&
      Number.isInteger(got) &&
      Number(got) > 511 &&
      Number(got) < 2 ** 32,
  },
  {
    reason: 'engines write the recursive propagations of mount(8) too, and runc takes them',
    example: { '/linux/rootfsPropagation': 'rshared' },
    explains: ({ instancePath }, got) =>
      instancePath === '/linux/rootfsPropagation' &&
      ['rprivate', 'rshared', 'rslave', 'runbindable'].includes(String(got)),
  },
  {
    reason: 'what is for other platforms is an unknown property here: a warning, whatever it holds',
    example: { '/windows': 1, '/process/commandLine': 1, '/process/user/username': 1 },
    explains: ({ instancePath }) =>
      /^\/(solaris|windows|vm|zos|freebsd|process\/commandLine|process\/user\/username)(\/|$)/.test(
        instancePath,
      ),
  },
];

function compileOfficial(): (value: unknown) => readonly ErrorObject[] {
  // Draft 4 says `id` and a boolean `exclusiveMinimum`; the schema uses neither, so that ajv's draft fits.
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.json'))) {
    const { $schema: _, ...schema } = JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
    ajv.addSchema(schema, name);
  }
  const validate = ajv.getSchema('config-schema.json');
  if (validate === undefined) throw new Error('the official schema has no config-schema.json');
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

/** The value as this runtime reads it, which is not what JSON.parse makes of it. */
const reread = (value: unknown): unknown => documentOf(JSON.stringify(value)).value;

/** For tests that need the OCI's files; their names stay the same where those are absent. */
function skipIfAbsent(): void {
  beforeEach(({ skip }) => skip(!here, `there is no ${FOLDER} to compare with`));
}

describe("the OCI's examples", () => {
  skipIfAbsent();

  const config = `${FOLDER}/test/config`;
  const read = (path: string): unknown => documentOf(readFileSync(path)).value;
  const files = (kind: string): string[] =>
    here
      ? readdirSync(`${config}/${kind}`).filter((name) => !/^(freebsd|zos|windows|vm)/.test(name))
      : ['*.json'];

  test.each(files('good'))('good/%s is accepted', (name) => {
    expect(findShapeFailures(read(`${config}/good/${name}`))).toEqual([]);
  });

  test.each(files('bad'))('bad/%s is refused', (name) => {
    let failures: readonly unknown[];
    try {
      failures = findShapeFailures(read(`${config}/bad/${name}`));
    } catch (error) {
      failures = [error];
    }
    expect(failures).not.toEqual([]);
  });
});

describe("the OCI's schema", () => {
  skipIfAbsent();

  const check = here ? compileOfficial() : () => [];

  function unexplainedFailures(config: unknown, differences: typeof STRICTER): Failure[] {
    const value = reread(config);
    return findShapeFailures(value).filter((failure) => {
      const got = valueAt(value, failure.pointer);
      return !differences.some((difference) => difference.explains(failure, got));
    });
  }

  function unexplainedErrors(config: unknown, differences: typeof WIDER): ErrorObject[] {
    const value: unknown = JSON.parse(JSON.stringify(config));
    return check(value).filter((error) => {
      const got = valueAt(value, error.instancePath);
      return !differences.some((difference) => difference.explains(error, got));
    });
  }

  test('gives the same verdict on generated configurations, but for the differences listed', () => {
    const chance = chanceFrom(SEED);
    const seeds = [FULL, configWith({}), { ociVersion: '1.0.0', root: { path: 'x' } }];
    const verdicts = { accepted: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const value = mutated(seeds[round % 8 === 0 ? 1 + (round % 3 === 0 ? 1 : 0) : 0], chance);
      const ours = unexplainedFailures(value, STRICTER);
      const theirs = unexplainedErrors(value, WIDER);
      if (ours.length > 0 !== theirs.length > 0) {
        expect.fail(
          `seed ${SEED}, round ${round}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(
            theirs.map(({ instancePath, message }) => [instancePath, message]),
          )}\n${JSON.stringify(value)}`,
        );
      }
      verdicts[ours.length > 0 ? 'refused' : 'accepted']++;
    }
    // Both verdicts have to be frequent for the comparison to mean something.
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(ROUNDS / 10);
  }, 180_000);

  test.each(STRICTER.map((difference) => [difference.reason, difference] as const))(
    'is stricter here: %s',
    (_reason, difference) => {
      const value = configWith(difference.example);
      expect(unexplainedErrors(value, [])).toEqual([]);
      expect(unexplainedFailures(value, [])).not.toEqual([]);
      expect(unexplainedFailures(value, [difference])).toEqual([]);
    },
  );

  test.each(WIDER.map((difference) => [difference.reason, difference] as const))(
    'is wider here: %s',
    (_reason, difference) => {
      const value = configWith(difference.example);
      expect(unexplainedFailures(value, [])).toEqual([]);
      expect(unexplainedErrors(value, [])).not.toEqual([]);
      expect(unexplainedErrors(value, [difference])).toEqual([]);
    },
  );
});

describe('the configuration that the comparison starts from', () => {
  test('is of the right shape', () => {
    expect(findShapeFailures(reread(FULL))).toEqual([]);
    expect(findUnknown(FULL)).toEqual([]);
  });

  test('names every property of the schema', () => {
    expect(unnamed('', knownNames, [FULL])).toEqual([]);
  });
});

/** The properties that a schema knows and that none of the values has. */
function unnamed(pointer: string, names: KnownNames, values: readonly object[]): string[] {
  return Object.entries(names).flatMap(([name, below]) => {
    const place = `${pointer}/${name}`;
    const found = values.flatMap((value) =>
      name === '*'
        ? Object.values(value)
        : Object.hasOwn(value, name)
          ? [Reflect.get(value, name)]
          : [],
    );
    if (found.length === 0) return [place];
    return below === null ? [] : unnamed(place, below, found);
  });
}
