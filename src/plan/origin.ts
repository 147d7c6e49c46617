import type { Origin, Step } from './step.ts';

/** A step before it has a phase: what the families make and `compile.ts` puts in order. */
export interface Draft {
  readonly origin: Origin;
  readonly step: Step;
}

/** @returns the origin of what config.json asks for, at these JSON pointers */
export function fromConfig(...pointers: readonly string[]): Origin {
  return { from: 'config', pointers };
}

/** @returns the origin of what the specification asks for without a word in config.json */
export function fromClause(clause: string): Origin {
  return { from: 'specification', clause };
}

/** @returns the origin of what the runtime does for a reason of its own */
export function fromRuntime(reason: string): Origin {
  return { from: 'runtime', reason };
}

/** @returns a property name as one token of a JSON pointer (RFC 6901) */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The origin of a step as it is when the caller has said some of what the families took for config.json. */
export function asSaid(origin: Origin, said: ReadonlyMap<string, string>): Origin {
  if (origin.from !== 'config') return origin;
  if (origin.pointers.every((pointer) => optionFor(pointer, said) === undefined)) return origin;
  const parts = origin.pointers.map((pointer) => optionFor(pointer, said) ?? pointer);
  return { from: 'caller', parts: [...new Set(parts)] };
}

/** The longest pointer that covers it counts. */
function optionFor(pointer: string, said: ReadonlyMap<string, string>): string | undefined {
  for (let covering = pointer; covering !== ''; ) {
    const option = said.get(covering);
    if (option !== undefined) {
      return option === '--process' ? `--process ${pointer.slice('/process'.length)}` : option;
    }
    covering = covering.slice(0, covering.lastIndexOf('/'));
  }
  return undefined;
}
