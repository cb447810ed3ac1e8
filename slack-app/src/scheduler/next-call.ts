/**
 * What is sent first when not all can be sent. `now` is what Slack takes for three seconds only; `search` finds what a
 * person missed while we were down and waits for everything else.
 */
export const LANES = ['now', 'final', 'question', 'error', 'card', 'status', 'search'] as const;
export type Lane = (typeof LANES)[number];

/** A call that waits, as far as it matters for whose turn it is. */
export type Waiting = {
  /** In the order of arrival. */
  readonly id: number;
  readonly lane: Lane;
  readonly bucket: string;
  /** Calls of one party take turns with those of others: a session's id, a person's. */
  readonly party: string;
  /** Milliseconds since the epoch at which it, or what it took the place of, was asked for. */
  readonly askedAt: number;
  /** Milliseconds since the epoch before which it is not sent. */
  readonly notBefore: number;
};

/** A run waits for the answer to a question: after so long it goes before finals no less than they before it. In milliseconds. */
const QUESTION_PATIENCE_MS = 15_000;

export type Limits = {
  /** Buckets that are empty or that Slack closed, and when they open, in milliseconds since the epoch. */
  readonly closedUntil: ReadonlyMap<string, number>;
  /** When each party was served last, as a count of calls; 0 or missing for never. */
  readonly servedAt: ReadonlyMap<string, number>;
};

export type NextCall =
  | { readonly do: 'send'; readonly id: number }
  /** Nothing may be sent before this moment. */
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'nothing' };

/**
 * Whose turn it is: the highest lane of which a bucket is open, an impatient question being in the lane of finals; in it
 * the party that was served longest ago; of that party what came first. A closed bucket holds up nobody else. Pure.
 */
export function nextCall(waiting: readonly Waiting[], limits: Limits, now: number): NextCall {
  let best: Waiting | null = null;
  let until = Number.POSITIVE_INFINITY;
  for (const call of waiting) {
    const opensAt = Math.max(call.notBefore, limits.closedUntil.get(call.bucket) ?? 0);
    if (opensAt > now) until = Math.min(until, opensAt);
    else if (best === null || isBefore(call, best, { servedAt: limits.servedAt, now })) best = call;
  }
  if (best) return { do: 'send', id: best.id };
  return Number.isFinite(until) ? { do: 'wait', until } : { do: 'nothing' };
}

function isBefore(
  a: Waiting,
  b: Waiting,
  { servedAt, now }: Pick<Limits, 'servedAt'> & { readonly now: number },
): boolean {
  const lanes = rankOf(a, now) - rankOf(b, now);
  if (lanes !== 0) return lanes < 0;
  const turns = (servedAt.get(a.party) ?? 0) - (servedAt.get(b.party) ?? 0);
  return turns === 0 ? a.id < b.id : turns < 0;
}

function rankOf({ lane, askedAt }: Waiting, now: number): number {
  const isImpatient = lane === 'question' && now - askedAt >= QUESTION_PATIENCE_MS;
  return LANES.indexOf(isImpatient ? 'final' : lane);
}
