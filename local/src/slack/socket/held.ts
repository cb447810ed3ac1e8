/** Deliveries that wait for their time. `onChange` is told when one is added or let go. */
export function createHeld(onChange: () => void) {
  const timers = new Map<() => void, NodeJS.Timeout>();
  const letGo = (deliver: () => void): void => {
    clearTimeout(timers.get(deliver));
    timers.delete(deliver);
    deliver();
    onChange();
  };
  return {
    add(deliver: () => void, delayMs: number): void {
      const timer = setTimeout(() => letGo(deliver), delayMs);
      timer.unref();
      timers.set(deliver, timer);
      onChange();
    },
    count: (): number => timers.size,
    /** Delivers all of them now, in the order in which they came. */
    letGo(): void {
      for (const deliver of [...timers.keys()]) letGo(deliver);
    },
    /** Delivers none of them. */
    close(): void {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
