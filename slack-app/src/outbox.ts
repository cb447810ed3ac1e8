import { Conflict, type SessionId } from 'orchestrator/domain';
import type { Database, Documents } from 'orchestrator/platform/documents';
import { isDuplicateKey } from 'orchestrator/platform/documents';
import { takeOverFormer } from './former-outbox.ts';

/** Why Slack did not take a message. */
type RowProblem = {
  /** Slack's own word. */
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/**
 * One message of a thread: what it should hold and what Slack has. It is written before the first try, so that after a
 * crash we know that the message may be there, and look before we post. Times are milliseconds since the epoch.
 */
export type OutboxRow = {
  /** `sessionId/slot`. */
  readonly _id: string;
  readonly sessionId: SessionId;
  readonly slot: string;
  readonly channel: string;
  readonly threadTs: string;
  /**
   * `waiting` until Slack is known to have it; `stuck` when Slack refused it; `gone` when somebody deleted it and it is
   * not worth posting anew, or deleted the thread that it belongs to.
   */
  readonly state: 'waiting' | 'sent' | 'stuck' | 'gone';
  /** Slack's id of the message; null while it is not known, and for files. */
  readonly ts: string | null;
  /** Hash of the content that was sent, or refused, last; null before that. */
  readonly sentHash: string | null;
  readonly sentPhase: string | null;
  /** Plain text of what was sent last, and of what is wanted. */
  readonly sent: string | null;
  readonly wanted: string;
  readonly sentAt: number | null;
  readonly tries: number;
  /** A message that somebody deleted is posted anew once. */
  readonly wasReposted: boolean;
  readonly problem: RowProblem | null;
  /** For `stuck`: when to see whether the cause is mended; null when only new content can help. */
  readonly retryAt: number | null;
  /** When to look for a copy that arrived late; null for never. */
  readonly doubtAt: number | null;
  /** The fencing token of the lease under which it was last written. */
  readonly token: number;
  /** When the sweep has to look at it; missing while there is nothing to do. */
  readonly dueAt?: number;
};

export type RowChange = Partial<Omit<OutboxRow, '_id' | 'sessionId' | 'slot' | 'token' | 'dueAt'>>;

/** How far a session's thread is. */
type ThreadRow = {
  readonly _id: SessionId;
  /** The thread shows the log up to here. */
  readonly seq: number;
  /** Set while it may not. */
  readonly behind?: true;
  /** What was sent is not known any more: look into the thread before anything is posted. */
  readonly mustSearch?: boolean;
};

/** What was sent to which thread: one row per session and slot, written by whoever holds the session's lease. */
export interface Outbox {
  ofSession(sessionId: SessionId): Promise<readonly OutboxRow[]>;
  /** Of one slot; null when it was never tried, or was forgotten. */
  row(sessionId: SessionId, slot: string): Promise<OutboxRow | null>;
  /** Writes a new row down. One that is there already is returned as it is. Throws Conflict as `write` does. */
  begin(row: OutboxRow): Promise<OutboxRow>;
  /** Changes a row under a lease. Throws Conflict when it was written under a newer one: the caller was replaced. */
  write(row: OutboxRow, change: RowChange, token: number): Promise<OutboxRow>;
  /** Asks whoever holds the lease to look for a copy of this message. Needs no lease: it says nothing about the thread. */
  doubt(row: OutboxRow, at: number): Promise<void>;
  /** Forgets a thread's rows; they are found again in Slack. What was said in person is not, and is kept. */
  forget(sessionId: SessionId): Promise<void>;
  /** Sessions with a row that is due or doubted, and sessions whose thread may not show all of their log. At most 1,000 of each. */
  due(now: number): Promise<ReadonlySet<SessionId>>;
  /** At most 100 of those that are stuck. */
  stuck(): Promise<readonly OutboxRow[]>;
  stuckCount(): Promise<number>;
  /** Sessions with a message that a channel did not take. At most 1,000. */
  stuckIn(channel: string): Promise<ReadonlySet<SessionId>>;
  /** The newest token under which a row of a session was written; 0 for none. */
  newestToken(sessionId: SessionId): Promise<number>;
  /** What a message of ours is; null when it is none of ours. */
  slotOfMessage(message: {
    readonly channel: string;
    readonly ts: string;
  }): Promise<Pick<OutboxRow, 'sessionId' | 'slot' | 'threadTs'> | null>;
  thread(sessionId: SessionId): Promise<ThreadRow | null>;
  markBehind(sessionId: SessionId): Promise<void>;
  markSynced(sessionId: SessionId, seq: number): Promise<void>;
  setMustSearch(sessionId: SessionId, mustSearch: boolean): Promise<void>;
}

/** In place of a thread: the message stands in a conversation with one person. */
export const IN_PERSON = '';

/** A session has a handful of slots a turn; this many are read at most. */
const ROWS_MAX = 1_000;
/** What the console lists of what is stuck. */
const STUCK_MAX = 100;
/** A row that waits is due for the sweep after this: by then its sender has sent it, or is no more. In milliseconds. */
const PATIENCE_MS = 60_000;

/** Nothing is put off for longer: what is due later was put off by a clock that was set back since. */
const LONGEST_DUE_MS = 60 * 60_000;

export async function openOutbox(database: Database, now: () => number): Promise<Outbox> {
  const rows: Documents<OutboxRow> = await database.collection<OutboxRow>('slack_slots', [
    { fields: { sessionId: 1, token: 1 } },
    { fields: { state: 1 } },
    { fields: { channel: 1, ts: 1 } },
    { fields: { dueAt: 1 }, where: { exists: 'dueAt' } },
    { fields: { doubtAt: 1 } },
    { fields: { channel: 1, state: 1 } },
  ]);
  const threads: Documents<ThreadRow> = await database.collection<ThreadRow>('slack_threads', [
    { fields: { behind: 1 }, where: { exists: 'behind' } },
  ]);
  await takeOverFormer(database, { rows, threads, now: now() });
  const marks = threadRows(threads, rows);
  return {
    ...rowWrites(rows, { now, lose: (sessionId) => marks.setMustSearch(sessionId, true) }),
    ...marks,
  };
}

type RowDeps = {
  readonly now: () => number;
  /** Says that what a thread holds is not known any more. */
  readonly lose: (sessionId: SessionId) => Promise<void>;
};

function rowWrites(rows: Documents<OutboxRow>, { now, lose }: RowDeps) {
  return {
    ofSession: (sessionId: SessionId) => rows.find({ sessionId }, { limit: ROWS_MAX }).toArray(),
    row: (sessionId: SessionId, slot: string) => rows.findOne({ _id: `${sessionId}/${slot}` }),
    begin: async (row: OutboxRow): Promise<OutboxRow> => {
      try {
        const dueAt = dueAtOf(row, now());
        await rows.insertOne({ ...row, ...(dueAt !== null && { dueAt }) });
        return row;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const known = await rows.findOne({ _id: row._id });
        if (!known) throw error;
        if (known.token > row.token) throw replaced(row);
        return known;
      }
    },
    write: async (row: OutboxRow, change: RowChange, token: number): Promise<OutboxRow> => {
      const next: OutboxRow = { ...row, ...change, token };
      const dueAt = dueAtOf(next, now());
      const { matchedCount } = await rows.updateOne(
        { _id: row._id, token: { $lte: token } },
        {
          $set: { ...change, token, ...(dueAt !== null && { dueAt }) },
          ...(dueAt === null && { $unset: { dueAt: '' } }),
        },
      );
      if (matchedCount > 0) return next;
      // Somebody has forgotten the row while a call was under way: its message may be in the thread.
      if (!(await rows.findOne({ _id: row._id }))) await lose(row.sessionId);
      throw replaced(row);
    },
    doubt: async (row: OutboxRow, at: number) => {
      const { matchedCount } = await rows.updateOne({ _id: row._id }, { $set: { doubtAt: at } });
      if (matchedCount === 0) await lose(row.sessionId);
    },
    forget: async (sessionId: SessionId) => {
      await rows.deleteMany({ sessionId, threadTs: { $ne: IN_PERSON } });
    },
    stuck: () => rows.find({ state: 'stuck' }, { limit: STUCK_MAX }).toArray(),
    stuckCount: () => rows.countDocuments({ state: 'stuck' }),
    stuckIn: async (channel: string) => {
      const stuck = await rows.find({ channel, state: 'stuck' }, { limit: ROWS_MAX }).toArray();
      return new Set(stuck.map((row) => row.sessionId));
    },
    newestToken: async (sessionId: SessionId) => {
      const [newest] = await rows.find({ sessionId }, { sort: { token: -1 }, limit: 1 }).toArray();
      return newest?.token ?? 0;
    },
    slotOfMessage: ({ channel, ts }: { channel: string; ts: string }) => rows.findOne({ channel, ts }),
  };
}

/** When somebody has to look at a row again that no timer of a living process looks at; null for never. */
function dueAtOf(row: OutboxRow, now: number): number | null {
  if (row.state === 'waiting') return now + PATIENCE_MS;
  return row.state === 'stuck' ? row.retryAt : null;
}

function replaced(row: OutboxRow): Conflict {
  return new Conflict(`${row._id} was written under a newer lease`);
}

function threadRows(threads: Documents<ThreadRow>, rows: Documents<OutboxRow>) {
  return {
    due: async (now: number) => {
      const due = await rows
        .find({ dueAt: { $lte: now } }, { sort: { dueAt: 1 }, limit: ROWS_MAX })
        .toArray();
      const astray = await rows.find({ dueAt: { $gt: now + LONGEST_DUE_MS } }, { limit: ROWS_MAX }).toArray();
      // Not by `dueAt`: who has a doubt does not hold the lease, and the holder writes the row meanwhile.
      const doubted = await rows.find({ doubtAt: { $lte: now } }, { limit: ROWS_MAX }).toArray();
      const behind = await threads.find({ behind: true }, { limit: ROWS_MAX }).toArray();
      return new Set([
        ...[...due, ...astray, ...doubted].map((row) => row.sessionId),
        ...behind.map((thread) => thread._id),
      ]);
    },
    thread: (sessionId: SessionId) => threads.findOne({ _id: sessionId }),
    markBehind: async (sessionId: SessionId) => {
      await threads.updateOne(
        { _id: sessionId },
        { $set: { behind: true }, $setOnInsert: { seq: 0 } },
        { upsert: true },
      );
    },
    markSynced: async (sessionId: SessionId, seq: number) => {
      await threads.updateOne(
        { _id: sessionId },
        { $set: { seq }, $unset: { behind: '' } },
        { upsert: true },
      );
    },
    setMustSearch: async (sessionId: SessionId, mustSearch: boolean) => {
      await threads.updateOne(
        { _id: sessionId },
        mustSearch ? { $set: { mustSearch, behind: true, seq: 0 } } : { $set: { mustSearch } },
        { upsert: true },
      );
    },
  };
}
