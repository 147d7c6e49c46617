/**
 * Makes everything that follows from the table of steps (src/plan/table.ts): what the encoder has to know,
 * the C++ structures and decoders for the helper, and the reference table for people (docs/STEPS.md).
 * Run with `--check` it only says whether docs/STEPS.md is what it would write.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGES } from '../src/plan/stages.ts';
import { type FieldWidth, STEP_TABLE, type StepDefinition } from '../src/plan/table.ts';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const steps = Object.entries(STEP_TABLE) as [string, StepDefinition][];

const CPP_TYPES: Record<FieldWidth, string> = {
  u32: 'uint32_t',
  i32: 'int32_t',
  u64: 'uint64_t',
  flag: 'bool',
  slot: 'uint32_t',
  text: 'Text',
  path: 'Text',
  texts: 'Texts',
  u32s: 'Numbers',
  bytes: 'Bytes',
};

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
// `null`, `private` and the like are words of C++, so every generated name of a field or sub-step can end in `_`.
const RESERVED = new Set(['null', 'private', 'register', 'new', 'delete', 'default', 'type_t']);
const safe = (name: string): string => (RESERVED.has(name) ? `${name}_` : name);

function tableHash(): bigint {
  const shape = steps.map(([kind, step]) => [
    kind,
    step.actor,
    Object.entries(step.fields),
    step.subSteps,
  ]);
  const digest = createHash('sha256')
    .update(JSON.stringify([shape, STAGES]))
    .digest();
  return digest.readBigUInt64LE(0);
}

function header(hash: bigint): string {
  const helperSteps = steps.filter(([, step]) => step.actor !== 'runtime');
  const lines = [
    '// Made by scripts/generate-steps.ts from src/plan/table.ts. Not to be edited.',
    '#pragma once',
    '#include "decode.h"',
    '',
    `constexpr uint64_t kTableHash = 0x${hash.toString(16)}ULL;`,
    '',
    `enum class Stage : uint32_t { ${STAGES.map((stage, i) => `${stage} = ${i}`).join(', ')} };`,
    '',
    'enum class Kind : uint32_t {',
    ...steps.flatMap(([kind, step], i) => (step.actor === 'runtime' ? [] : [`  ${kind} = ${i},`])),
    '};',
    '',
  ];
  for (const [kind, step] of helperSteps) {
    const fields = Object.entries(step.fields);
    lines.push(`struct ${upper(kind)} {`);
    lines.push(
      `  enum Sub : uint32_t { ${step.subSteps.map((s, i) => `${safe(s)} = ${i}`).join(', ')} };`,
    );
    for (const [name, width] of fields)
      lines.push(`  ${CPP_TYPES[width]} ${memberName(step, name)};`);
    lines.push('};');
    const parameter = fields.length === 0 ? '' : ' step';
    lines.push(`[[nodiscard]] inline bool decode(Reader& reader, ${upper(kind)}&${parameter}) {`);
    const reads = fields.map(([name]) => `reader.read(step.${memberName(step, name)})`);
    lines.push(`  return ${[...reads, 'reader.finished()'].join(' &&\n         ')};`);
    lines.push('}', '');
  }
  lines.push('enum class Actor : uint32_t { outer, init };');
  lines.push('[[nodiscard]] inline Actor actorOf(Kind kind) {', '  switch (kind) {');
  for (const [kind, step] of helperSteps) {
    if (step.actor === 'outer') lines.push(`    case Kind::${kind}:`);
  }
  lines.push('      return Actor::outer;');
  for (const [kind, step] of helperSteps) {
    if (step.actor === 'init') lines.push(`    case Kind::${kind}:`);
  }
  lines.push('      return Actor::init;', '  }', '  return Actor::init;', '}', '');
  lines.push('// Decodes a record and hands the step to the overload of run() for its kind.');
  lines.push('template <typename Runner>');
  lines.push('[[nodiscard]] inline bool dispatch(Kind kind, Reader& reader, Runner& runner) {');
  lines.push('  switch (kind) {');
  for (const [kind] of helperSteps) {
    lines.push(`    case Kind::${kind}: {`);
    lines.push(`      ${upper(kind)} step{};`);
    lines.push('      if (!decode(reader, step)) return runner.malformed();');
    lines.push('      return runner.run(step);', '    }');
  }
  lines.push('  }', '  return runner.malformed();', '}', '');
  return lines.join('\n');
}

function declarations(): string {
  const lines = [
    '// Made by scripts/generate-steps.ts: the members of Runner, one for each kind of step.',
  ];
  for (const [kind, step] of steps) {
    if (step.actor !== 'runtime') lines.push(`[[nodiscard]] bool run(const ${upper(kind)}& step);`);
  }
  return `${lines.join('\n')}\n`;
}

// A field may not have the name of a sub-step of its own step: both live in one structure.
function memberName(step: StepDefinition, name: string): string {
  return step.subSteps.includes(name) ? `${name}_` : safe(name);
}

function reference(): string {
  const lines = [
    '# The steps of a plan',
    '',
    'Made by `scripts/generate-steps.ts` from `src/plan/table.ts`; `npm run generate` writes it anew.',
    'Fields with their widths, and the sub-steps that a failure can name.',
    '',
    '| step | actor | what it does | fields | sub-steps |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const [kind, step] of steps) {
    const fields = Object.entries(step.fields).map(([name, width]) => `${name}: ${width}`);
    lines.push(
      `| \`${kind}\` | ${step.actor} | ${step.doc} | ${fields.join(', ')} | ${step.subSteps.join(', ')} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function wireShapes(): string {
  const shapes = steps.flatMap(([kind, { actor, fields }], number) =>
    actor === 'runtime'
      ? []
      : [`  ${kind}: ${JSON.stringify([number, ...Object.entries(fields).flat()])},`],
  );
  return [
    '// Made by scripts/generate-steps.ts from src/plan/table.ts. Not to be edited.',
    "import type { WireShape } from '../encode.ts';",
    "import type { HelperKind } from '../step.ts';",
    '',
    `export const TABLE_HASH = 0x${hash.toString(16)}n;`,
    '',
    '/** Of each kind of the helper its number, then the name and the width of each field. */',
    'export const WIRE_SHAPES: Readonly<Record<HelperKind, WireShape>> = {',
    ...shapes,
    '};',
    '',
  ].join('\n');
}

function write(path: string, content: string): void {
  const file = join(top, path);
  mkdirSync(dirname(file), { recursive: true });
  try {
    if (readFileSync(file, 'utf8') === content) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(file, content);
}

const hash = tableHash();
if (process.argv.includes('--check')) {
  if (readFileSync(join(top, 'docs/STEPS.md'), 'utf8') !== reference()) {
    console.error('docs/STEPS.md is stale: run `npm run generate`');
    process.exitCode = 1;
  }
} else {
  write('src/plan/generated/wire-shapes.ts', wireShapes());
  write('addon/init/generated/steps.h', header(hash));
  write('addon/init/generated/run.inc', declarations());
  write('docs/STEPS.md', reference());
}
