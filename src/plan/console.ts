import type { Context } from './input.ts';
import { type Draft, fromConfig } from './origin.ts';

/** The terminal of the process: made in the container's own devpts, so that its name means the same inside. */
export function openConsole({ spec }: Context): Draft[] {
  const { process } = spec;
  if (process?.terminal !== true) return [];
  const size = process.consoleSize;
  const pointers =
    size === undefined ? ['/process/terminal'] : ['/process/terminal', '/process/consoleSize'];
  return [
    {
      origin: fromConfig(...pointers),
      step: {
        kind: 'openConsole',
        rows: Number(size?.height ?? 0),
        columns: Number(size?.width ?? 0),
        bindConsole: true,
      },
    },
  ];
}
