import type { OutboxRow } from './outbox.ts';
import type { Method, RateGate } from './rate-gate.ts';
import type { Slot } from './thread-view/slots.ts';

/** A slot as it should be, with the hash of its content. */
export type Wanted = Slot & { readonly hash: string };

export type NextSend =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'send'; readonly slot: Wanted; readonly method: Method };

export type SendingState = {
  readonly wanted: readonly Wanted[];
  readonly rows: ReadonlyMap<string, OutboxRow>;
  /** When a slot was sent last, in this process. */
  readonly sentAt: ReadonlyMap<string, number>;
  /** Slots that failed for a passing reason, and when they may be tried again. */
  readonly retryAt: ReadonlyMap<string, number>;
};

/**
 * What to send next to a thread. Posts come first and in their order, so that a thread reads in the order in which
 * things happened; then changes of phase; then the rest, each message at most once per interval. Pure.
 */
export function nextSend(
  state: SendingState,
  options: { readonly now: number; readonly intervalMs: number; readonly gate: Pick<RateGate, 'opensAt'> },
): NextSend {
  const open = state.wanted.map((slot) => asCandidate(slot, state, options)).filter((one) => one !== null);
  if (open.length === 0) return { do: 'nothing' };
  const due = open.filter((one) => one.dueAt <= options.now).sort((a, b) => a.rank - b.rank)[0];
  if (due) return { do: 'send', slot: due.slot, method: due.method };
  return { do: 'wait', until: Math.min(...open.map((one) => one.dueAt)) };
}

type Candidate = { slot: Wanted; method: Method; rank: number; dueAt: number };

function asCandidate(
  slot: Wanted,
  state: SendingState,
  options: { now: number; intervalMs: number; gate: Pick<RateGate, 'opensAt'> },
): Candidate | null {
  const row = state.rows.get(slot.key);
  const posted = row?.state === 'sent' && row.ts !== null;
  if (row && row.state !== 'posting' && row.sentHash === slot.hash) return null;
  // Files cannot be edited. What Slack refused for good is tried again only when there is news.
  if (slot.content.kind === 'file' && row?.state === 'sent') return null;
  const isNews = row?.sentPhase !== slot.phase;
  if (row?.state === 'stuck' && !isNews) return null;
  const method = methodFor(slot, row);
  const paced = posted && !isNews ? (state.sentAt.get(slot.key) ?? 0) + options.intervalMs : 0;
  const dueAt = Math.max(state.retryAt.get(slot.key) ?? 0, options.gate.opensAt(method), paced);
  return { slot, method, rank: rankOf({ isPosted: posted, isNews, lane: slot.lane }), dueAt };
}

function methodFor(slot: Wanted, row: OutboxRow | undefined): Method {
  if (slot.content.kind === 'file') return 'upload';
  return row?.ts ? 'update' : 'post';
}

/** Edits that matter more go first, for when Slack lets us send little. */
const LANES: Readonly<Record<Slot['lane'], number>> = { final: 1, question: 2, card: 3 };

function rankOf(of: { isPosted: boolean; isNews: boolean; lane: Slot['lane'] }): number {
  if (!of.isPosted) return 0;
  return of.isNews ? LANES[of.lane] : LANES[of.lane] + Object.keys(LANES).length;
}
