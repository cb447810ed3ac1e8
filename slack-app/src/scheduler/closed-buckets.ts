import type { Clock } from 'orchestrator/platform/clock';

/** Waits after `ratelimited` without a Retry-After: a second, doubled up to a minute. In milliseconds. */
const BLIND_WAIT_MS = 1_000;
const BLIND_WAIT_MAX_MS = 60_000;

/** Buckets that are empty or that Slack closed. */
export interface ClosedBuckets {
  /** When each opens, in milliseconds since the epoch. */
  readonly until: ReadonlyMap<string, number>;
  /** Closes a bucket. Without a time it is a guess that grows while Slack goes on to refuse. Answers with the wait. */
  close(name: string, forMs: number | null): number;
  /** Slack took a call. */
  worked(name: string): void;
  /** Milliseconds until it opens; 0 when it is open. */
  leftMs(name: string): number;
}

export function createClosedBuckets(clock: Clock): ClosedBuckets {
  const until = new Map<string, number>();
  const guesses = new Map<string, number>();

  function guess(name: string): number {
    const next = Math.min(BLIND_WAIT_MAX_MS, (guesses.get(name) ?? BLIND_WAIT_MS / 2) * 2);
    guesses.set(name, next);
    return next;
  }

  return {
    until,
    close: (name, forMs) => {
      // Channels come and go; what has opened need not be remembered.
      for (const [known, at] of until) if (at <= clock.now()) until.delete(known);
      const waitMs = forMs ?? guess(name);
      until.set(name, Math.max(until.get(name) ?? 0, clock.now() + waitMs));
      return waitMs;
    },
    worked: (name) => {
      guesses.delete(name);
    },
    leftMs: (name) => Math.max(0, (until.get(name) ?? 0) - clock.now()),
  };
}
