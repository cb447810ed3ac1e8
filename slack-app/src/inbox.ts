import { UpstreamError } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import { type Database, type Documents, isDuplicateKey } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import { ZodError } from 'zod';
import { pause } from './pause.ts';
import { asItIsNow } from './revisions.ts';
import { createRush } from './rush.ts';

/**
 * Slack's last retry of an event comes after about six minutes: by then the edits of a post have to be known that may come
 * before it. A day is for whoever looks into what happened.
 */
const KEEP_MS = 24 * 60 * 60_000;
const PRUNE_EVERY_MS = 60 * 60_000;
/** What waits for longer, and is not worked on here, was left by another process: more than all tries take. In milliseconds. */
const LEFT_AFTER_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 60_000;
const TAKEN_MAX = 10_000;
/** Waits between tries of one delivery, in milliseconds; after the last the delivery is given up. */
const RETRY_WAITS_MS = [500, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000];
/** Tries after the first of what broke on our side: the store may answer again in two minutes, a bug is one again. */
const OWN_RETRIES = 6;
/** Nobody writes more below a request of which Slack has not told yet. */
const AGAIN_MAX = 100;

/** Nobody edits a message more often in a day. */
const EDITS_MAX = 1_000;

/** Something that Slack told us. */
export type Delivery = {
  /** Slack's id of it; the same delivery again has the same. */
  readonly id: string;
  /** `channel:ts` for a post: Slack tells of a mention twice, as `app_mention` and as `message`. */
  readonly post: string | null;
  /** The post that it says was edited or deleted, in the same form. */
  readonly edits: string | null;
  /** Deliveries of one lane are worked on in order, one at a time. */
  readonly lane: string;
  /** The post, or all posts at the top of a channel (`channel:`), that came before and are worked on before it; null for none. */
  readonly behind: string | null;
  readonly body: unknown;
};

type InboxRow = {
  readonly _id: string;
  readonly post?: string;
  readonly edits?: string;
  readonly lane: string;
  readonly behind?: string;
  readonly state: 'waiting' | 'done' | 'failed';
  /** Sorts by arrival. */
  readonly order: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly body: unknown;
};

export type InboxDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Works on one delivery; may be called again for the same one after a crash or a passing failure. */
  readonly handle: (body: unknown) => Promise<void>;
  /** Hears of a delivery that is given up. */
  readonly onGivenUp: (body: unknown) => Promise<void>;
  /** What tests shorten. */
  readonly retryWaitsMs?: readonly number[];
};

/** What Slack told us, kept until it is worked on: an acknowledged delivery is never lost. */
export interface Inbox {
  /** Stores a delivery; resolves when it is on the disk and may be acknowledged. What is known already changes nothing. */
  put(delivery: Delivery): Promise<void>;
  /** Has the posts of a lane that were written after one worked on once more: that one came late, and was missing to them. */
  again(lane: string, post: string): Promise<void>;
  /** Takes up what a former process has left. */
  start(): Promise<void>;
  /** Resolves when the work under way has ended. */
  close(): Promise<void>;
}

export async function openInbox(deps: InboxDeps): Promise<Inbox> {
  const rows: Documents<InboxRow> = await deps.database.collection<InboxRow>('slack_inbox', [
    { fields: { post: 1 }, unique: true, where: { exists: 'post' } },
    { fields: { edits: 1 }, where: { exists: 'edits' } },
    { fields: { lane: 1, state: 1 } },
    { fields: { state: 1, order: 1 } },
    { fields: { receivedAt: 1 } },
  ]);
  const lanes = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const rush = createRush({ clock: deps.clock, pause });
  let arrivals = 0;
  /** Deliveries that are worked on here, or wait in their lane. */
  const taken = new Set<string>();
  /** The work on posts, by post. */
  const posts: PostsAtWork = new Map();
  const timers: NodeJS.Timeout[] = [];

  function enqueue(row: InboxRow): void {
    if (taken.has(row._id)) return;
    taken.add(row._id);
    const before = lanes.get(row.lane) ?? Promise.resolve();
    // Only what came before: so nobody waits for each other.
    const mine = Promise.all([before, ...workOnPosts(posts, row.behind)])
      .then(() => rush.over(stop.signal))
      .then(() => workOn(deps, rows, { row, signal: stop.signal }));
    lanes.set(row.lane, mine);
    if (row.post !== undefined) posts.set(row.post, { isRoot: row.post === row.lane, done: mine });
    void mine.then(() => {
      taken.delete(row._id);
      if (row.post !== undefined) posts.delete(row.post);
      if (lanes.get(row.lane) === mine) lanes.delete(row.lane);
    });
  }

  /** Another process may have ended with what it had acknowledged. */
  async function takeLeft(receivedBefore: number): Promise<void> {
    const left = rows.find({ state: 'waiting' }, { sort: { order: 1 }, limit: TAKEN_MAX });
    for await (const row of left) if (row.receivedAt <= receivedBefore) enqueue(row);
  }

  function every(ms: number, work: () => Promise<void>): void {
    const timer = setInterval(() => {
      work().catch((err: unknown) => deps.log.warn({ err }, 'inbox could not be looked through'));
    }, ms);
    timers.push(timer.unref());
  }

  async function prune(): Promise<void> {
    await rows.deleteMany({ receivedAt: { $lt: deps.clock.now() - KEEP_MS }, state: { $ne: 'waiting' } });
  }

  return {
    put: async (delivery) => {
      rush.arrived();
      const row = toRow(delivery, deps.clock.now(), arrivals++);
      try {
        await rows.insertOne(row);
      } catch (error) {
        if (isDuplicateKey(error)) return;
        throw error;
      }
      enqueue(row);
    },
    again: async (lane, post) => {
      for (const row of await reopened(rows, lane, post)) enqueue(row);
    },
    start: async () => {
      await prune();
      every(PRUNE_EVERY_MS, prune);
      every(SWEEP_EVERY_MS, () => takeLeft(deps.clock.now() - LEFT_AFTER_MS));
      await takeLeft(deps.clock.now());
    },
    close: async () => {
      stop.abort();
      for (const timer of timers) clearInterval(timer);
      await Promise.all(lanes.values());
    },
  };
}

async function reopened(rows: Documents<InboxRow>, lane: string, post: string): Promise<readonly InboxRow[]> {
  const after = { lane, state: 'done', post: { $gt: post } };
  const done = await rows.find(after, { sort: { post: 1 }, limit: AGAIN_MAX }).toArray();
  for (const { _id } of done) await rows.updateOne({ _id }, { $set: { state: 'waiting' } });
  return done;
}

/** `isRoot`: it stands in the channel, not in a thread. */
type PostsAtWork = Map<string, { readonly isRoot: boolean; readonly done: Promise<void> }>;

function workOnPosts(posts: PostsAtWork, behind: string | undefined): readonly Promise<void>[] {
  if (behind === undefined) return [];
  if (!behind.endsWith(':')) return [posts.get(behind)?.done ?? Promise.resolve()];
  return [...posts].flatMap(([post, { isRoot, done }]) => (isRoot && post.startsWith(behind) ? [done] : []));
}

function toRow(delivery: Delivery, now: number, arrival: number): InboxRow {
  return {
    _id: delivery.id,
    ...(delivery.post !== null && { post: delivery.post }),
    ...(delivery.edits !== null && { edits: delivery.edits }),
    lane: delivery.lane,
    ...(delivery.behind !== null && { behind: delivery.behind }),
    state: 'waiting',
    order: `${String(now).padStart(15, '0')}-${String(arrival).padStart(9, '0')}`,
    receivedAt: now,
    body: delivery.body,
  };
}

/** Never rejects: what cannot be done now stays in the inbox for the next start. */
async function workOn(
  deps: InboxDeps,
  rows: Documents<InboxRow>,
  { row, signal }: { row: InboxRow; signal: AbortSignal },
): Promise<void> {
  const log = deps.log.child({ deliveryId: row._id });
  let body = row.body;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      body = asItIsNow(row.body, await editsOf(rows, row));
      if (body !== null) await deps.handle(body);
      await rows.updateOne({ _id: row._id }, { $set: { state: 'done' } });
      return;
    } catch (err) {
      const waitMs = (deps.retryWaitsMs ?? RETRY_WAITS_MS)[failures];
      if (waitMs === undefined || failures >= retriesOf(err))
        return giveUp(deps, rows, { row: { ...row, body }, err });
      log.warn({ err, waitMs }, 'delivery could not be worked on');
      await pause(waitMs, signal);
    }
  }
}

/** What Slack has told of edits and of the deletion of the post that a delivery is about. */
async function editsOf(rows: Documents<InboxRow>, { post, edits = post }: InboxRow): Promise<unknown[]> {
  if (edits === undefined) return [];
  const told = await rows.find({ edits }, { limit: EDITS_MAX }).toArray();
  return told.map(({ body }) => body);
}

/** How often a failure is tried again: what is refused for good, or has another shape than we know, will be again. */
function retriesOf(error: unknown): number {
  if (error instanceof UpstreamError) return error.retryable ? Number.POSITIVE_INFINITY : 0;
  return error instanceof ZodError ? 0 : OWN_RETRIES;
}

async function giveUp(
  deps: InboxDeps,
  rows: Documents<InboxRow>,
  { row, err }: { row: InboxRow; err: unknown },
): Promise<void> {
  deps.log.error({ err, deliveryId: row._id }, 'delivery was given up');
  try {
    await rows.updateOne({ _id: row._id }, { $set: { state: 'failed' } });
    await deps.onGivenUp(row.body);
  } catch (error) {
    deps.log.error({ err: error, deliveryId: row._id }, 'delivery could not be given up');
  }
}
