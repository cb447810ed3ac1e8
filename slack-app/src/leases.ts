import type { SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import { type Database, type Documents, isDuplicateKey } from 'orchestrator/platform/documents';

/** The right to write into one thread. */
export type Lease = {
  readonly sessionId: SessionId;
  /** Grows with each holder; a write under an older token is refused. */
  readonly token: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
};

type LeaseRow = {
  readonly _id: SessionId;
  readonly holder: string;
  readonly token: number;
  readonly until: number;
};

/**
 * One sender per thread, over all processes. A lease ends by itself, so that a process that was stopped or cut off holds
 * nothing up; its token fences what it still writes.
 *
 * A lease outlives the time-out of the call that is made under it: a process that was paused for longer than its lease
 * finds the time-out over when it goes on, and its request is given up before it leaves. What remains possible is a pause
 * between the two last instructions before the request is handed to the system. Slack knows no tokens, so nobody can
 * refuse it. Such a write is found again: the process cannot record it, says so (`Outbox.doubt`), and whoever holds the
 * lease deletes a copy and writes an edited message once more.
 */
export interface Leases {
  /** A lease, new or taken over; or until when somebody else holds it. */
  acquire(sessionId: SessionId): Promise<Lease | { readonly heldUntil: number }>;
  /** The same lease with a later end; null when somebody else has it. */
  renew(lease: Lease): Promise<Lease | null>;
  release(lease: Lease): Promise<void>;
}

export type LeaseOptions = {
  readonly database: Database;
  readonly clock: Clock;
  /** Who we are; no other process has the same. */
  readonly holder: string;
  /** Whether a holder is known to be no more, so that nobody has to wait for the end of its lease. */
  readonly isGone: (holder: string) => boolean;
  /** The newest token that is known of a session beside its lease: leases that were lost begin above it. */
  readonly newestToken: (sessionId: SessionId) => Promise<number>;
  /** How long a lease holds, in milliseconds: longer than a call with its time-out, so that one can be made under it. */
  readonly leaseMs: number;
};

export async function openLeases(options: LeaseOptions): Promise<Leases> {
  const { database, clock, holder, leaseMs, newestToken } = options;
  const rows: Documents<LeaseRow> = await database.collection<LeaseRow>('slack_leases', []);

  /** A lease that ends later than any can was taken by a clock that was wrong. Clocks may differ by a lease. */
  function isOver({ until }: LeaseRow): boolean {
    const leftMs = until - clock.now();
    return leftMs <= 0 || leftMs > 2 * leaseMs;
  }

  async function takeOver(sessionId: SessionId, seen: LeaseRow): Promise<Lease | null> {
    const until = clock.now() + leaseMs;
    const taken = await rows.findOneAndUpdate(
      { _id: sessionId, token: seen.token, holder: seen.holder, until: seen.until },
      { $set: { holder, until }, $inc: { token: 1 } },
      { returnDocument: 'after' },
    );
    return taken && { sessionId, token: taken.token, until };
  }

  async function create(sessionId: SessionId): Promise<Lease | null> {
    const token = (await newestToken(sessionId)) + 1;
    const until = clock.now() + leaseMs;
    try {
      await rows.insertOne({ _id: sessionId, holder, token, until });
      return { sessionId, token, until };
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  return {
    acquire: async (sessionId) => {
      for (;;) {
        const seen = await rows.findOne({ _id: sessionId });
        const isFree = !seen || isOver(seen) || seen.holder === holder || options.isGone(seen.holder);
        if (seen && !isFree) return { heldUntil: seen.until };
        const lease = seen ? await takeOver(sessionId, seen) : await create(sessionId);
        // Null: somebody else was quicker; see what there is now.
        if (lease) return lease;
      }
    },
    renew: async (lease) => {
      const until = clock.now() + leaseMs;
      const { matchedCount } = await rows.updateOne(
        { _id: lease.sessionId, holder, token: lease.token },
        { $set: { until } },
      );
      return matchedCount === 0 ? null : { ...lease, until };
    },
    release: async (lease) => {
      await rows.updateOne({ _id: lease.sessionId, holder, token: lease.token }, { $set: { until: 0 } });
    },
  };
}
