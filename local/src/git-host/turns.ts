/** Lets work under the same key run one after another, in the order of the calls. */
export function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    // What went wrong for the one before was told to the one before.
    const mine = before.then(work, work);
    last.set(key, mine);
    return mine;
  };
}
