/** A value that can be followed. */
export type Cell<T> = {
  get: () => T;
  update: (change: (value: T) => T) => void;
  subscribe: (listener: () => void) => () => void;
};

/** A value that can be followed; a change to the same value tells nobody. */
export function createCell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    update: (change) => {
      const next = change(value);
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
