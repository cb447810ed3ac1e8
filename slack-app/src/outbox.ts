import type { SessionId } from 'orchestrator/domain';
import { type Database, type Documents, isDuplicateKey } from 'orchestrator/platform/documents';

/**
 * What is known of one message of a thread. It is written before the first post (`posting`), so that after a crash we
 * know that the message may be there, and look before we post again.
 */
export type OutboxRow = {
  /** `sessionId/slot`. */
  readonly _id: string;
  readonly sessionId: SessionId;
  readonly slot: string;
  readonly channel: string;
  readonly threadTs: string;
  readonly state: 'posting' | 'sent' | 'stuck';
  /** Slack's id of the message; null while it is not known, and for files. */
  readonly ts: string | null;
  /** Hash of the content that was sent, or refused, last; null before that. */
  readonly sentHash: string | null;
  readonly sentPhase: string | null;
  /** Why it is stuck: Slack's own word. */
  readonly reason: string | null;
};

/** A session whose thread shows the log up to `seq`. */
type SyncedRow = { readonly _id: SessionId; readonly seq: number };

/** What was sent to which thread: one row per session and slot. */
export interface Outbox {
  ofSession(sessionId: SessionId): Promise<readonly OutboxRow[]>;
  /** Writes down that a message is about to be posted. An existing row stays as it is and is returned. */
  begin(row: Pick<OutboxRow, 'sessionId' | 'slot' | 'channel' | 'threadTs'>): Promise<OutboxRow>;
  sent(
    row: OutboxRow,
    sent: { readonly ts: string | null; readonly hash: string; readonly phase: string },
  ): Promise<OutboxRow>;
  /** Slack refused this content for good. */
  stuck(
    row: OutboxRow,
    refused: { readonly reason: string; readonly hash: string; readonly phase: string },
  ): Promise<OutboxRow>;
  /** Sessions with messages that were begun and not written down as sent. */
  unfinished(): Promise<readonly SessionId[]>;
  sessionOfMessage(message: { readonly channel: string; readonly ts: string }): Promise<SessionId | null>;
  syncedSeq(sessionId: SessionId): Promise<number>;
  markSynced(sessionId: SessionId, seq: number): Promise<void>;
}

/** A session has a handful of slots a turn; this many are read at most. */
const ROWS_MAX = 1_000;

export async function openOutbox(database: Database): Promise<Outbox> {
  const rows: Documents<OutboxRow> = await database.collection<OutboxRow>('slack_outbox', [
    { fields: { sessionId: 1 } },
    { fields: { state: 1 } },
    { fields: { channel: 1, ts: 1 } },
  ]);
  const synced: Documents<SyncedRow> = await database.collection<SyncedRow>('slack_synced', []);

  async function patch(row: OutboxRow, change: Partial<OutboxRow>): Promise<OutboxRow> {
    await rows.updateOne({ _id: row._id }, { $set: change });
    return { ...row, ...change };
  }

  return {
    ofSession: (sessionId) => rows.find({ sessionId }, { limit: ROWS_MAX }).toArray(),
    begin: async (key) => {
      const row: OutboxRow = {
        ...key,
        _id: `${key.sessionId}/${key.slot}`,
        state: 'posting',
        ts: null,
        sentHash: null,
        sentPhase: null,
        reason: null,
      };
      try {
        await rows.insertOne(row);
        return row;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await rows.findOne({ _id: row._id })) ?? row;
      }
    },
    sent: (row, { ts, hash, phase }) =>
      patch(row, { state: 'sent', ts, sentHash: hash, sentPhase: phase, reason: null }),
    stuck: (row, { reason, hash, phase }) =>
      patch(row, { state: 'stuck', reason, sentHash: hash, sentPhase: phase }),
    unfinished: async () => {
      const posting = await rows.find({ state: 'posting' }, { limit: ROWS_MAX }).toArray();
      return [...new Set(posting.map((row) => row.sessionId))];
    },
    sessionOfMessage: async ({ channel, ts }) => (await rows.findOne({ channel, ts }))?.sessionId ?? null,
    syncedSeq: async (sessionId) => (await synced.findOne({ _id: sessionId }))?.seq ?? 0,
    markSynced: async (sessionId, seq) => {
      await synced.updateOne({ _id: sessionId }, { $set: { seq } }, { upsert: true });
    },
  };
}
