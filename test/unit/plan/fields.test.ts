import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileCreate } from '../../../src/plan/compile.ts';
import { planToJson } from '../../../src/plan/print.ts';
import { Spec as SpecSchema } from '../../../src/spec/schema.ts';
import type { Spec } from '../../../src/spec/types.ts';
import { findFailures } from '../../../src/spec/validate.ts';
import { configWith, documentOf } from '../spec/support.ts';
import { FATES } from './field-fates.ts';
import { inputFor, PLAIN_HOST, readGolden } from './golden-plans.ts';
import { fieldsOf } from './schema-walk.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FACTS = { ...PLAIN_HOST, lsm: { apparmor: true, selinux: true } };

/** The steps of one kind that a configuration becomes, as text. */
function stepsOf(spec: Spec, kind: string): string {
  const { plan } = compileCreate(inputFor(spec, { facts: FACTS }));
  return JSON.stringify(planToJson(plan).steps.filter((step) => step.kind === kind));
}

/** The text of a file, or of all files of a folder. */
function sourceOf(path: string): string {
  const files = path.endsWith('.ts')
    ? [path]
    : readdirSync(join(ROOT, path)).map((name) => join(path, name));
  const sources = files.filter((file) => file.endsWith('.ts'));
  return sources.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
}

/** A copy with another value at a place that is there. */
function changed(spec: Spec, pointer: string, value: unknown): Spec {
  const copy = structuredClone(spec);
  const names = pointer.split('/').slice(1);
  const last = names.pop() ?? '';
  let place = copy as unknown as Record<string, unknown>;
  for (const name of names) place = place[name] as Record<string, unknown>;
  expect(Object.hasOwn(place, last), `${pointer} is in the configuration`).toBe(true);
  place[last] = value;
  return copy;
}

describe('every field of the configuration has a fate', () => {
  const fields = fieldsOf(SpecSchema);

  test('none is forgotten', () => {
    expect(fields.filter((field) => FATES[field] === undefined)).toEqual([]);
  });

  test('none is declared that the schema does not have', () => {
    expect(Object.keys(FATES).filter((field) => !fields.includes(field))).toEqual([]);
  });

  for (const [field, fate] of Object.entries(FATES)) {
    if ('step' in fate) {
      test(`${field} becomes ${fate.step}`, () => {
        const spec = readGolden(fate.in ?? 'everything');
        const other = changed(spec, fate.at ?? field.replaceAll('*', '0'), fate.value);
        expect(stepsOf(other, fate.step)).not.toBe(stepsOf(spec, fate.step));
      });
    } else if ('consumer' in fate) {
      test(`${field} is read by ${fate.consumer}`, () => {
        const name = fate.named ?? field.split('/').at(-1) ?? '';
        const words = new RegExp(`(?<![\\w.-])(\\w+\\??\\.)*${name.replace('.', '\\.')}\\b`);
        expect(sourceOf(fate.consumer)).toMatch(words);
      });
    } else if ('unsupported' in fate) {
      test(`${field} is refused as not supported`, () => {
        const pointer = fate.at ?? field;
        const mounts = [{ destination: '/data', type: 'tmpfs' }];
        const config = configWith({ '/mounts': mounts, [pointer]: fate.unsupported });
        const failures = findFailures(documentOf(JSON.stringify(config)));
        expect(
          failures.filter(({ by }) => by === 'unsupported').map((failure) => failure.pointer),
        ).toEqual([pointer]);
      });
    } else {
      test(`${field} is refused whatever it says`, () => {
        const config = configWith({
          '/linux/personality': { domain: 'LINUX', flags: [fate.refused] },
        });
        const pointers = findFailures(documentOf(JSON.stringify(config))).map(
          ({ pointer }) => pointer,
        );
        expect(pointers).toEqual([field.replaceAll('*', '0')]);
      });
    }
  }
});
