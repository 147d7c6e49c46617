/** The how-tos of docs/engines, taken apart for execution. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A fenced block. What becomes of it stands behind its language:
 *
 * - `sh`: executed; the block must end with status 0.
 * - `sh by-hand`: not executed, because it manages the machine.
 * - anything with `file=/path`: becomes that file.
 * - `text`: what the block before it prints; `…` stands for anything.
 */
export interface Block {
  readonly kind: 'run' | 'file' | 'output' | 'by-hand';
  readonly path: string;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/**
 * @param engine name of the page, without `.md`
 * @returns its second-level sections that have blocks, in order
 * @throws Error for a block whose kind is not known
 */
export function readHowTo(engine: string): Section[] {
  const page = fileURLToPath(new URL(`../../../docs/engines/${engine}.md`, import.meta.url));
  const [, ...parts] = readFileSync(page, 'utf8').split(/^## /m);
  return parts
    .map((part) => ({ title: part.slice(0, part.indexOf('\n')), blocks: readBlocks(part) }))
    .filter(({ blocks }) => blocks.length > 0);
}

function readBlocks(part: string): Block[] {
  return [...part.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => {
    const path = /\bfile=(\S+)/.exec(info)?.[1] ?? '';
    return { kind: kindOf(info, path), path, text };
  });
}

function kindOf(info: string, path: string): Block['kind'] {
  if (path !== '') return 'file';
  if (info === 'sh') return 'run';
  if (info === 'sh by-hand') return 'by-hand';
  if (info === 'text') return 'output';
  throw new Error(`a block of the kind "${info}": see how-to.ts`);
}

/** @returns whether a text is what an output block says, however wide the gaps between its words are */
export function matches(text: string, expected: string): boolean {
  const parts = narrow(expected)
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(narrow(text));
}

const narrow = (text: string): string =>
  text
    .replaceAll(/[ \t\r]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .trim();
