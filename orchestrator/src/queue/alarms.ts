import type { Clock } from '../platform/clock.ts';

/**
 * The longest single wait, in milliseconds. Timers stand still while a machine sleeps: so after waking up an alarm
 * that is due is late by this much at most. (Node's own limit is 2^31 - 1.)
 */
const LONGEST_WAIT_MS = 30_000;

export type Alarms<Name> = {
  /** Goes off once at this moment (milliseconds since the epoch) or soon after. Set twice, it still goes off once. */
  set(name: Name, at: number): void;
  clear(): void;
};

/** Any number of moments with one timer, for the earliest. */
export function createAlarms<Name>(options: {
  readonly clock: Clock;
  readonly onDue: (name: Name) => void;
}): Alarms<Name> {
  const { clock, onDue } = options;
  let pending: readonly { readonly name: Name; readonly at: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    if (pending.length === 0) return;
    const earliest = pending.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
    timer = setTimeout(goOff, Math.max(0, Math.min(earliest - clock.now(), LONGEST_WAIT_MS)));
  }

  function goOff(): void {
    const now = clock.now();
    const due = pending.filter(({ at }) => at <= now);
    pending = pending.filter(({ at }) => at > now);
    for (const { name } of due) onDue(name);
    arm();
  }

  return {
    set(name, at) {
      if (!Number.isFinite(at)) throw new RangeError(`not a moment: ${at}`);
      if (pending.some((alarm) => alarm.name === name && alarm.at === at)) return;
      pending = [...pending, { name, at }];
      arm();
    },
    clear() {
      pending = [];
      clearTimeout(timer);
    },
  };
}
