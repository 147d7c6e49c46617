import type { Readable } from 'node:stream';

/** What comes out of a pipe, for tests that wait for some of it. */
export interface Stream {
  /** All that has come so far. */
  readonly text: string;
  /** @returns the match, as soon as the text has one; rejects when the pipe ends without one */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** @returns all of the text, at the end of the pipe */
  readonly end: Promise<string>;
}

/** @param readable is read to its end */
export function collect(readable: Readable): Stream {
  let text = '';
  let ended = false;
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of waiters) waiter();
  };
  readable.setEncoding('utf8');
  readable.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  const end = new Promise<string>((resolve) => {
    const finish = (): void => {
      ended = true;
      wake();
      resolve(text);
    };
    readable.once('end', finish).once('error', finish);
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text);
        if (match === null && !ended) return;
        waiters.delete(look);
        if (match !== null) resolve(match);
        else reject(new Error(`the output ended without ${pattern}: ${JSON.stringify(text)}`));
      };
      waiters.add(look);
      look();
    });
  return {
    get text() {
      return text;
    },
    until,
    end,
  };
}
