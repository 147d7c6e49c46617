/** Where several sources put what one reader takes, in the order in which it came. */
export interface Mailbox<T> {
  put(item: T): void;
  /** Puts what a source gives, one after the other, up to the `last`; its failure is thrown by `take`. */
  follow(next: () => Promise<T>, last: T): void;
  take(): Promise<T>;
}

/**
 * Unlike a race of promises, which keeps something of every round for as long as one of them is open, this can go on
 * for ever.
 */
export function openMailbox<T>(): Mailbox<T> {
  const queue: (() => T)[] = [];
  let wake = (): void => {};
  const add = (open: () => T): void => {
    queue.push(open);
    wake();
  };
  const fail = (error: unknown): void =>
    add(() => {
      throw error;
    });
  return {
    put: (item) => add(() => item),
    follow(next, last) {
      const forward = async (): Promise<void> => {
        for (;;) {
          const item = await next();
          add(() => item);
          if (item === last) return;
        }
      };
      forward().catch(fail);
    },
    async take() {
      for (;;) {
        const open = queue.shift();
        if (open !== undefined) return open();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
