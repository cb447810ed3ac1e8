import type { Entry, SessionId, ThreadRef } from '../domain/index.ts';
import {
  type Database,
  type Doc,
  type Documents,
  type Filter,
  isDuplicateKey,
} from '../platform/documents.ts';
import type { EventLog, SessionList, SessionPage, SessionQuery } from '../ports.ts';
import { cursorOf, orderAfter, orderOf, titleHolds } from './session-search.ts';
import { summarizeAll } from './summarize.ts';
import { isUnsettled, shownOf, type TrackedSummary, trackedSummarySchema } from './summary.ts';

type SummaryDoc = Doc &
  TrackedSummary & {
    /** When it was last active and its id: a sort key that no two sessions share. */
    readonly order: string;
    readonly unsettled: boolean;
  };

/** Sessions of one page, at most. */
const PAGE_LIMIT = 100;

/** Sessions that one page of a text search looks through; what is older is on the next page. */
const SEARCH_LIMIT = 2000;

const LOG_PAGE = 500;

/** Somebody else may bring the same summary up to date this often before we call it a bug. */
const TRIES = 20;

export type StoredSessionList = SessionList & {
  /** Makes a session's summary again from its log. */
  rebuild(log: Pick<EventLog, 'read'>, sessionId: SessionId): Promise<void>;
};

/** The session list over documents: one summary a session, moved on only from the seq that it was read at. */
export async function createSessionList(database: Database): Promise<StoredSessionList> {
  const sessions = await database.collection<SummaryDoc>('sessions', [
    {
      fields: { 'thread.team': 1, 'thread.channel': 1, 'thread.threadTs': 1 },
      unique: true,
      where: { exists: 'thread.threadTs' },
    },
    { fields: { repository: 1, 'pullRequest.number': 1 }, where: { exists: 'pullRequest.number' } },
    { fields: { order: -1 } },
    { fields: { status: 1, order: -1 } },
    { fields: { repository: 1, order: -1 } },
    { fields: { unsettled: 1, _id: 1 } },
  ]);
  return {
    apply: (sessionId, entries) => apply(sessions, sessionId, entries),
    async get(sessionId) {
      const known = await load(sessions, sessionId);
      return known && shownOf(known);
    },
    inThread: ({ team, channel, threadTs }: ThreadRef) =>
      idOf(sessions, { 'thread.team': team, 'thread.channel': channel, 'thread.threadTs': threadTs }),
    withPullRequest: (repository, number) => idOf(sessions, { repository, 'pullRequest.number': number }),
    find: (query) => find(sessions, query),
    unsettled: () => unsettled(sessions),
    rebuild: (log, sessionId) => rebuild(sessions, log, sessionId),
  };
}

async function apply(
  sessions: Documents<SummaryDoc>,
  sessionId: SessionId,
  entries: readonly Entry[],
): Promise<void> {
  await moveOn(sessions, sessionId, async (before) => summarizeAll(before, entries));
}

async function rebuild(
  sessions: Documents<SummaryDoc>,
  log: Pick<EventLog, 'read'>,
  sessionId: SessionId,
): Promise<void> {
  let rebuilt: TrackedSummary | null = null;
  await moveOn(sessions, sessionId, async () => {
    // On another round only what is new is read.
    rebuilt = await summaryOf(log, sessionId, rebuilt);
    return rebuilt;
  });
}

async function summaryOf(
  log: Pick<EventLog, 'read'>,
  sessionId: SessionId,
  from: TrackedSummary | null,
): Promise<TrackedSummary | null> {
  let summary = from;
  while (true) {
    const page = await log.read(sessionId, { afterSeq: summary?.seq ?? 0, limit: LOG_PAGE });
    summary = summarizeAll(summary, page);
    if (page.length < LOG_PAGE) return summary;
  }
}

/** Replaces a summary by its next one; again from the start when somebody else has moved it meanwhile. */
async function moveOn(
  sessions: Documents<SummaryDoc>,
  sessionId: SessionId,
  next: (before: TrackedSummary | null) => Promise<TrackedSummary | null>,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = await load(sessions, sessionId);
    const after = await next(before);
    if (!after || after === before) return;
    if (await replaced(sessions, before, after)) return;
  }
  throw new Error(`the summary of ${sessionId} was moved by others ${TRIES} times`);
}

async function replaced(
  sessions: Documents<SummaryDoc>,
  before: TrackedSummary | null,
  after: TrackedSummary,
): Promise<boolean> {
  const fields = { ...after, order: orderOf(after), unsettled: isUnsettled(after) };
  if (before) {
    const filter = { _id: before.sessionId, seq: before.seq };
    return (await sessions.findOneAndUpdate(filter, { $set: fields }, { returnDocument: 'after' })) !== null;
  }
  try {
    await sessions.insertOne({ _id: after.sessionId, ...fields });
    return true;
  } catch (error) {
    // Two sessions in one thread is another duplicate, which no second try removes.
    if (isDuplicateKey(error) && (await load(sessions, after.sessionId))) return false;
    throw error;
  }
}

async function load(sessions: Documents<SummaryDoc>, sessionId: SessionId): Promise<TrackedSummary | null> {
  const doc = await sessions.findOne({ _id: sessionId });
  return doc && trackedSummarySchema.parse(doc);
}

async function idOf(sessions: Documents<SummaryDoc>, filter: Filter): Promise<SessionId | null> {
  return (await sessions.findOne(filter))?.sessionId ?? null;
}

async function find(sessions: Documents<SummaryDoc>, query: SessionQuery): Promise<SessionPage> {
  const limit = Math.min(query.limit, PAGE_LIMIT);
  const filter = {
    ...(query.status && { status: query.status }),
    ...(query.repository && { repository: query.repository }),
    ...orderAfter(query.cursor),
  };
  const looked = query.text ? SEARCH_LIMIT : limit;
  const docs = await sessions.find(filter, { sort: { order: -1 }, limit: looked + 1 }).toArray();
  const holds = titleHolds(query.text ?? '');
  const items: TrackedSummary[] = [];
  let last: SummaryDoc | undefined;
  for (const doc of docs.slice(0, looked)) {
    if (items.length === limit) break;
    last = doc;
    if (holds(doc.title)) items.push(trackedSummarySchema.parse(doc));
  }
  const more = last !== undefined && last !== docs.at(-1);
  return { items: items.map(shownOf), next: more && last ? cursorOf(last.order) : null };
}

async function* unsettled(sessions: Documents<SummaryDoc>): AsyncGenerator<SessionId> {
  let page = await sessions.find({ unsettled: true }, { sort: { _id: 1 }, limit: PAGE_LIMIT }).toArray();
  while (page.length > 0) {
    for (const { sessionId } of page) yield sessionId;
    const last = page.at(-1)?._id ?? '';
    const filter = { unsettled: true, _id: { $gt: last } };
    page = await sessions.find(filter, { sort: { _id: 1 }, limit: PAGE_LIMIT }).toArray();
  }
}
