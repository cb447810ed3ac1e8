import type { SessionId } from 'orchestrator/domain';
import { type Database, type Doc, type Documents, isDuplicateKey } from 'orchestrator/platform/documents';
import type { OutboxRow } from './outbox.ts';

/** One message of a thread as the first outbox kept it. */
type FormerRow = {
  /** `sessionId/slot`, as today. */
  readonly _id: string;
  readonly sessionId: SessionId;
  readonly slot: string;
  readonly channel: string;
  readonly threadTs: string;
  readonly state: 'posting' | 'sent' | 'stuck';
  readonly ts: string | null;
  readonly sentHash: string | null;
  readonly sentPhase: string | null;
  readonly reason: string | null;
};

type FormerThread = { readonly _id: SessionId; readonly seq: number };

const PAGE = 500;

/**
 * Takes over what the first outbox (until 2026-11-23) had written down: a thread of which nothing is known would get
 * all of its messages once more. A crash in the middle costs nothing: each row goes when its successor stands.
 */
export async function takeOverFormer(
  database: Database,
  { rows, threads, now }: { rows: Documents<OutboxRow>; threads: Documents<FormerThread>; now: number },
): Promise<void> {
  const formerRows = await database.collection<FormerRow>('slack_outbox', []);
  await moveAll(formerRows, rows, (row) => successorOf(row, now));
  const formerThreads = await database.collection<FormerThread>('slack_synced', []);
  await moveAll(formerThreads, threads, (thread) => thread);
}

async function moveAll<Former extends Doc, Next extends Doc>(
  from: Documents<Former>,
  to: Documents<Next>,
  next: (former: Former) => Next,
): Promise<void> {
  for (;;) {
    const page = await from.find({}, { limit: PAGE }).toArray();
    if (page.length === 0) return;
    for (const former of page) {
      await to.insertOne(next(former)).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
      await from.deleteOne({ _id: former._id });
    }
  }
}

function successorOf({ state, reason, ...same }: FormerRow, now: number): OutboxRow {
  return {
    ...same,
    state: state === 'posting' ? 'waiting' : state,
    sent: null,
    wanted: '',
    sentAt: null,
    tries: 1,
    wasReposted: false,
    problem: reason === null ? null : { code: reason, at: now },
    // What was given up then is looked at again: it may be mended by now, or can be by today's means.
    retryAt: state === 'stuck' ? now : null,
    doubtAt: null,
    token: 0,
    ...(state !== 'sent' && { dueAt: now }),
  };
}
