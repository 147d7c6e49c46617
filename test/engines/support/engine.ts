/** What the tests of all engines share: the stage, why there is none, logs after a failure, the how-to as tests. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { find } from '../../../scripts/lib/debian.mjs';
import { type Block, matches, readHowTo } from './how-to.ts';
import { makeImage } from './image.ts';
import { Stage } from './stage.ts';

/** What a test file drives. */
export interface Engine {
  /** Programs that it takes, all of Debian's packages. */
  readonly programs: readonly string[];
  /** What else it takes, where Debian's packages have it. */
  readonly files?: readonly string[];
  /** Makes it ready, with the image at `archive` in its store. */
  prepare(stage: Stage, archive: string): Promise<void>;
}

/**
 * Gives the tests of a file one stage with an engine on it. Logs are shown after a failure; containers that are left
 * in the end fail the file.
 *
 * @returns a function that gives the stage of the test that runs
 */
export function useEngine({ programs, files = [], prepare }: Engine): () => Stage {
  const obstacle = whyNot(programs, files);
  let stage: Stage | undefined;
  beforeAll(async () => {
    if (obstacle !== undefined) return;
    stage = await Stage.open();
    const archive = `${stage.folder}/image.tar`;
    stage.write(archive, makeImage());
    try {
      await prepare(stage, archive);
    } catch (error) {
      console.error(stage.explain());
      throw error;
    }
  });
  beforeEach(({ skip, onTestFailed }) => {
    skip(obstacle !== undefined, obstacle);
    onTestFailed(() => console.error(stage?.explain()));
  });
  afterAll(async () => {
    const left = stage?.leftovers() ?? [];
    await stage?.close();
    expect(left, 'left behind').toEqual([]);
  });
  return () => {
    if (stage === undefined) throw new Error('the stage was not made');
    return stage;
  };
}

function whyNot(programs: readonly string[], files: readonly string[]): string | undefined {
  if (process.geteuid?.() !== 0) return 'engines are started by root';
  const missing = [
    ...programs.filter((program) => find(program) === undefined),
    ...files.filter((file) => !existsSync(file)),
  ];
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** Writes the files that a how-to says to write. */
export function writeConfiguration(engine: string, stage: Stage): void {
  for (const { kind, path, text } of readHowTo(engine).flatMap(({ blocks }) => blocks)) {
    if (kind === 'file') stage.write(path, text);
  }
}

/** Adds a test for each section of a how-to: its blocks one after the other. */
export function testHowTo(engine: string, stage: () => Stage): void {
  for (const { title, blocks } of readHowTo(engine)) {
    test(`the how-to: ${title}`, async () => {
      let printed = '';
      for (const block of blocks) printed = await perform(stage(), block, printed);
    });
  }
}

/** @returns what a block has printed, for the one behind it */
async function perform(stage: Stage, { kind, path, text }: Block, before: string): Promise<string> {
  switch (kind) {
    case 'run':
      return stage.output(`set -e\n${text}`);
    case 'file':
      stage.write(path, text);
      return '';
    case 'output':
      if (!matches(before, text)) expect(before).toBe(text);
      return '';
    case 'by-hand':
      return '';
    default:
      return kind satisfies never;
  }
}
