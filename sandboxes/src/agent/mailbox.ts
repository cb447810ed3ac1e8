/** A queue with one reader, who waits when it is empty. */
export type Mailbox<T> = { post(item: T): void; next(): Promise<T> };

export function createMailbox<T>(): Mailbox<T> {
  const items: T[] = [];
  let waiting: ((item: T) => void) | null = null;
  return {
    post(item) {
      if (waiting) {
        waiting(item);
        waiting = null;
      } else {
        items.push(item);
      }
    },
    next() {
      const item = items.shift();
      if (item !== undefined) return Promise.resolve(item);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
  };
}
