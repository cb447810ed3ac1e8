import type { ArtifactId, SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import type { Lease, Leases } from './leases.ts';
import type { SendingState, UnderWay, Wanted } from './next-sends.ts';
import type { Outbox, OutboxRow, RowChange } from './outbox.ts';
import type { Detail } from './scheduler/detail.ts';
import type { SlackApi, Thread } from './slack-api.ts';
import { troubleOf } from './slack-troubles.ts';
import type { Slot } from './thread-view/slots.ts';

export type SendingDeps = {
  readonly slack: SlackApi;
  readonly outbox: Outbox;
  readonly leases: Leases;
  readonly artifact: (id: ArtifactId) => Promise<{ readonly bytes: Uint8Array } | null>;
  readonly detail: () => Detail;
  readonly sessionUrl: (sessionId: SessionId) => string;
  /** Has the session's log read to its end; what the thread should hold comes after it. */
  readonly catchUp: (sessionId: SessionId) => void;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
  readonly timing: SendTiming;
};

/** All in milliseconds. */
export type SendTiming = {
  /** A message is edited at most once in this time, unless there is news. */
  readonly intervalMs: number;
  /** What is left of a lease before a call: the call's own time-out, and a margin for clocks. */
  readonly leaseLeftMs: number;
  /** When to look for a copy of a message that was posted after a try that may have worked. */
  readonly doubtMs: number;
  /** Between two looks whether a place takes messages again: doubled up to the longest. */
  readonly placeWaitMs: number;
  readonly placeWaitMaxMs: number;
};

/** What a thread should hold, as of an entry of the log. */
export type Desired = {
  readonly slots: readonly Slot[];
  readonly seq: number;
  /** When the session was opened, in milliseconds since the epoch. */
  readonly openedAt: number;
  /** Nothing runs: when all is sent, the thread is up to date with the log. */
  readonly isQuiet: boolean;
};

/** What is under way for one message, as it goes on; `before` is what it is to take the place of. */
export type Busy = UnderWay & { isOnWire: boolean; isOver: boolean; before: Busy | null };

/** What one thread's sender knows. */
export type Sending = Omit<SendingState, 'underWay'> & {
  readonly sessionId: SessionId;
  readonly thread: Thread;
  readonly rows: Map<string, OutboxRow>;
  readonly underWay: Map<string, Busy>;
  readonly sentAt: Map<string, number>;
  readonly retryAt: Map<string, number>;
  readonly progress: Map<string, string>;
  readonly dueNow: Set<string>;
  readonly isAbsent: Set<string>;
  /** Slots that were not found after a try that may have worked: a copy may still arrive. */
  readonly isDoubted: Set<string>;
  readonly failures: Map<string, number>;
  /** The same for failures that were none of Slack's, in a row. */
  readonly ownFailures: Map<string, number>;
  /** Slots that were given up and that a person wants all the same. */
  readonly revived: Set<string>;
  mustSearch: boolean;
  searchAfter: number;
  /** What was read of the log is older than the thread: no look at it before then. */
  behindUntil: number;
  desired: Desired;
  wanted: readonly Wanted[];
  lease: Lease | null;
  isLoaded: boolean;
  wasLoaded: boolean;
  isMarkedBehind: boolean;
  syncedSeq: number;
  /** The thread holds what was wanted last, as far as it can. */
  isDone: boolean;
  isClosed: boolean;
};

export function newSending(sessionId: SessionId, thread: Thread): Sending {
  return {
    sessionId,
    thread,
    rows: new Map(),
    underWay: new Map(),
    sentAt: new Map(),
    retryAt: new Map(),
    progress: new Map(),
    dueNow: new Set(),
    isAbsent: new Set(),
    isDoubted: new Set(),
    failures: new Map(),
    ownFailures: new Map(),
    revived: new Set(),
    behindUntil: 0,
    mustSearch: false,
    searchAfter: 0,
    desired: { slots: [], seq: 0, openedAt: Number.POSITIVE_INFINITY, isQuiet: false },
    wanted: [],
    lease: null,
    isLoaded: false,
    wasLoaded: false,
    isMarkedBehind: false,
    syncedSeq: 0,
    isDone: true,
    isClosed: false,
  };
}

/**
 * A session that is older and of whose thread nothing is written down has lost it, as when only its log was restored from
 * a backup. Younger ones are new: Slack tells of a post for some six minutes. In milliseconds.
 */
const NEW_MS = 10 * 60_000;

/** Reads what is known of the thread, in place of what this process thought. */
export async function load(
  { outbox, clock }: Pick<SendingDeps, 'outbox' | 'clock'>,
  sending: Sending,
): Promise<void> {
  const [rows, thread] = await Promise.all([
    outbox.ofSession(sending.sessionId),
    outbox.thread(sending.sessionId),
  ]);
  sending.rows.clear();
  sending.isAbsent.clear();
  for (const row of rows) sending.rows.set(row.slot, row);
  for (const slot of sending.revived) revive(sending, slot);
  // Why a place refused us may have been mended while nobody looked.
  const stuck = rows.filter((row) => row.state === 'stuck' && row.retryAt !== null);
  if (!sending.wasLoaded) for (const row of stuck) sending.dueNow.add(row.slot);
  sending.wasLoaded = true;
  sending.syncedSeq = thread?.seq ?? 0;
  sending.isMarkedBehind = thread?.behind === true;
  // A thread that was brought up to date once and has no rows has lost them.
  const isOld = clock.now() - sending.desired.openedAt > NEW_MS;
  const isLost = rows.length === 0 && (sending.syncedSeq > 0 || (thread === null && isOld));
  sending.mustSearch = thread?.mustSearch === true || isLost;
  // Written down, because from here on something is known of the thread.
  if (isLost && thread?.mustSearch !== true) await outbox.setMustSearch(sending.sessionId, true);
  sending.isLoaded = true;
}

/** Has a message that was given up written again: edited where it stands and may be, else posted. */
export function revive(sending: Sending, slot: string): void {
  const row = sending.rows.get(slot);
  if (row?.state !== 'gone') return;
  const isFrozen = row.ts !== null && troubleOf(row.problem?.code ?? '') === 'frozen';
  if (!isFrozen) sending.isAbsent.add(slot);
  const next = isFrozen
    ? ({ state: 'sent' } as const)
    : ({ state: 'waiting', ts: null, sent: null } as const);
  sending.rows.set(slot, { ...row, ...next, sentHash: null });
}

/** A row that nothing was done about yet. */
export function newRow(
  sending: Sending,
  slot: { readonly key: string; readonly wanted: string; readonly token: number },
  place: Thread = sending.thread,
): OutboxRow {
  return {
    _id: `${sending.sessionId}/${slot.key}`,
    sessionId: sending.sessionId,
    slot: slot.key,
    channel: place.channel,
    threadTs: place.threadTs,
    state: 'waiting',
    ts: null,
    sentHash: null,
    sentPhase: null,
    sent: null,
    wanted: slot.wanted,
    sentAt: null,
    tries: 0,
    wasReposted: false,
    problem: null,
    retryAt: null,
    doubtAt: null,
    token: slot.token,
  };
}

/** Changes a row in the store and in memory. Throws Conflict when somebody else sends to this thread by now. */
export async function record(
  { outbox }: Pick<SendingDeps, 'outbox'>,
  sending: Sending,
  written: { readonly row: OutboxRow; readonly change: RowChange; readonly token: number },
): Promise<OutboxRow> {
  const next = await outbox.write(written.row, written.change, written.token);
  sending.rows.set(next.slot, next);
  return next;
}
