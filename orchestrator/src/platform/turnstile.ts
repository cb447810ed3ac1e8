/** Work under the same key is done one after the other in this process; work under different keys side by side. */
export type Turnstile = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createTurnstile(): Turnstile {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(work, work);
    tails.set(key, mine);
    const forget = () => {
      if (tails.get(key) === mine) tails.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  };
}
