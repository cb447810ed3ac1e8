import type { Deckhand } from 'orchestrator/client';
import { UpstreamError } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { Database, Documents } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import { intakeOf, POST_SUBTYPES } from './deliveries.ts';
import type { Inbox } from './inbox.ts';
import { type Identity, isClosing, type SlackApi } from './slack-api.ts';
import type { SlackMessage } from './slack-messages.ts';

/** While we hear Slack, that is written down this often. In milliseconds. */
const HEARTBEAT_MS = 30_000;
/** Events may come a little out of order; what is found twice is taken once. In milliseconds. */
const MARGIN_MS = 2 * 60_000;
/** Nothing older is looked for: a week. In milliseconds. */
const LONGEST_MS = 7 * 24 * 60 * 60_000;
/** Bounds of one look: threads and channels, newest first. Each costs one call at fifty a minute. */
const THREADS_MAX = 200;
const CHANNELS_MAX = 200;

export type MissedPostsDeps = {
  readonly database: Database;
  readonly slack: Pick<SlackApi, 'thread' | 'history' | 'channels'>;
  readonly deckhand: Pick<Deckhand, 'sessions'>;
  readonly inbox: Pick<Inbox, 'put'>;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * A gap that is shorter needs no look, in milliseconds: Slack delivers what we did not acknowledge at once, after a
   * minute and after five more.
   */
  readonly shortGapMs: number;
};

/**
 * Finds what was posted while nobody heard Slack, or while Slack stopped trying to tell us: replies in threads of open
 * sessions, mentions and direct messages. They go into the inbox as if Slack had told of them, which knows what it had.
 * A mention in a reply is found when the thread began in the gap too, or has a session.
 */
export interface MissedPosts {
  /** A socket opened. Looks when nobody had heard Slack for a while; what is found is worked on in the background. */
  onConnected(): void;
  onDisconnected(): void;
  /** An event was not taken: Slack tells of it again, and this looks when Slack has given up. */
  onRefused(): void;
  /** Looks now. Answers with how many posts were found, those included that were known. */
  look(): Promise<number>;
  close(): Promise<void>;
}

type HeardRow = { readonly _id: 'slack'; readonly until: number };

/** After a delivery that we did not take, Slack tries for about six minutes. In milliseconds. */
const REDELIVERY_MS = 7 * 60_000;

/**
 * Taken for the gap when the clock was set back, so that nobody knows how long it was: what the inbox remembers, which
 * takes nothing twice of it. In milliseconds.
 */
const UNKNOWN_GAP_MS = 24 * 60 * 60_000 - MARGIN_MS;

/** Until when somebody heard Slack, in milliseconds since the epoch; null for never. */
async function openHeard(database: Database, clock: Clock) {
  const rows: Documents<HeardRow> = await database.collection<HeardRow>('slack_heard', []);
  return {
    heardUntil: async () => {
      const until = (await rows.findOne({ _id: 'slack' }))?.until ?? null;
      const now = clock.now();
      return until !== null && until > now ? now - UNKNOWN_GAP_MS : until;
    },
    markHeard: async (until: number): Promise<void> => {
      await rows.updateOne({ _id: 'slack' }, { $set: { until } }, { upsert: true });
    },
  };
}

export async function openMissedPosts(deps: MissedPostsDeps): Promise<MissedPosts> {
  const { clock, log } = deps;
  const heard = await openHeard(deps.database, clock);
  let isConnected = false;
  /** Since the socket opened it was found out how long nobody had heard Slack before. */
  let isMeasured = false;
  let refusedAt: number | null = null;
  let looking: Promise<unknown> | null = null;
  /** Something was posted that nobody told us of, perhaps, and not all of it could be looked for. */
  let isGapOpen = false;
  let isClosed = false;

  async function look(): Promise<number> {
    isGapOpen = true;
    const found = await lookSinceHeard(deps, heard);
    isGapOpen = !found.isComplete;
    return found.count;
  }

  function lookInBackground(): void {
    isGapOpen = true;
    looking ??= look()
      .then((count) => log.info({ count }, 'looked for missed posts'))
      .catch((err: unknown) => sayFailed(log, err))
      .finally(() => {
        looking = null;
      });
  }

  /** Whether there was a gap before the socket that is open now. Asked until the store has said. */
  async function measure(): Promise<void> {
    const until = await heard.heardUntil();
    if (!isConnected) return;
    isMeasured = true;
    if (until === null) await heard.markHeard(clock.now());
    else if (clock.now() - until >= deps.shortGapMs) lookInBackground();
  }

  async function beat(): Promise<void> {
    if (!isConnected || looking !== null || isClosed) return;
    if (!isMeasured) return measure();
    if (isGapOpen) return lookInBackground();
    if (refusedAt === null) return heard.markHeard(clock.now());
    if (clock.now() - refusedAt < REDELIVERY_MS) return;
    refusedAt = null;
    lookInBackground();
  }

  const heartbeat = startBeating(beat, log);

  return {
    onConnected: () => {
      if (isConnected) return;
      isConnected = true;
      measure().catch((err: unknown) => log.warn({ err }, 'gap could not be measured'));
    },
    onDisconnected: () => {
      isConnected = false;
      isMeasured = false;
    },
    onRefused: () => {
      refusedAt = clock.now();
    },
    look,
    close: async () => {
      isClosed = true;
      clearInterval(heartbeat);
      await looking;
    },
  };
}

function sayFailed(log: Logger, err: unknown): void {
  if (!isClosing(err)) log.warn({ err }, 'missed posts could not be looked for');
}

function startBeating(beat: () => Promise<void>, log: Logger): NodeJS.Timeout {
  const heartbeat = setInterval(() => {
    beat().catch((err: unknown) => log.warn({ err }, 'heartbeat could not be written'));
  }, HEARTBEAT_MS);
  return heartbeat.unref();
}

/** What a look has brought. It is incomplete when Slack did not answer for a thread or channel. */
type Look = { readonly count: number; readonly isComplete: boolean };
const NOTHING: Look = { count: 0, isComplete: true };

/** Looks for what was posted since somebody heard Slack last. */
async function lookSinceHeard(
  deps: MissedPostsDeps,
  { heardUntil, markHeard }: Awaited<ReturnType<typeof openHeard>>,
): Promise<Look> {
  const startedAt = deps.clock.now();
  const until = await heardUntil();
  if (until === null) {
    await markHeard(startedAt);
    return NOTHING;
  }
  const found = await putFound(deps, Math.max(until - MARGIN_MS, startedAt - LONGEST_MS));
  // Else the next look begins where this one did.
  if (found.isComplete) await markHeard(startedAt);
  return found;
}

/** One look: what it goes by, and whether something could not be read. */
type Looking = MissedPostsDeps & { readonly after: string; isComplete: boolean };

/** Puts what people posted after this moment into the inbox. */
async function putFound(deps: MissedPostsDeps, sinceMs: number): Promise<Look> {
  const looking: Looking = { ...deps, after: (sinceMs / 1_000).toFixed(6), isComplete: true };
  let count = 0;
  for await (const { channel, message } of posts(looking)) {
    const event = { ...message.raw, type: 'message', channel, channel_type: typeOf(channel) };
    const eventId = `found:${channel}:${message.ts}`;
    const intake = intakeOf({ type: 'event_callback', event_id: eventId, event });
    if (intake.take !== 'keep') continue;
    await deps.inbox.put(intake.delivery);
    count += 1;
  }
  return { count, isComplete: looking.isComplete };
}

function typeOf(channel: string): string {
  return channel.startsWith('D') ? 'im' : 'channel';
}

type Found = { readonly channel: string; readonly message: SlackMessage };

async function* posts(looking: Looking): AsyncGenerator<Found> {
  for (const thread of await openThreads(looking)) yield* inThread(looking, thread);
  let channels = 0;
  for await (const channel of looking.slack.channels()) {
    if (++channels > CHANNELS_MAX) return;
    yield* inChannel(looking, channel);
  }
}

async function openThreads({
  deckhand,
}: MissedPostsDeps): Promise<readonly { channel: string; threadTs: string }[]> {
  const threads: { channel: string; threadTs: string }[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Deckhand['sessions']>> = await deckhand.sessions({
      limit: 100,
      ...(cursor && { cursor }),
    });
    for (const { thread, status } of page.items) if (thread && status !== 'closed') threads.push(thread);
    cursor = page.next;
  } while (cursor && threads.length < THREADS_MAX);
  return threads.slice(0, THREADS_MAX);
}

async function* inThread(
  looking: Looking,
  thread: { readonly channel: string; readonly threadTs: string },
): AsyncGenerator<Found> {
  const { after } = looking;
  try {
    // Slack gives the root with each page, whenever it was posted.
    for await (const message of looking.slack.thread(thread, { lane: 'search', after }))
      if (message.ts > after && isOfPerson(looking, message)) yield { channel: thread.channel, message };
  } catch (err) {
    unread(looking, thread.channel, err);
  }
}

async function* inChannel(looking: Looking, channel: string): AsyncGenerator<Found> {
  const { after } = looking;
  const roots: SlackMessage[] = [];
  try {
    for await (const message of looking.slack.history(channel, { after })) roots.push(message);
  } catch (err) {
    unread(looking, channel, err);
  }
  // Slack gives the newest first; people asked the oldest first.
  for (const root of roots.reverse()) {
    if (isOfPerson(looking, root) && isForUs(looking, channel, root)) yield { channel, message: root };
    if (root.latestReply === null || root.latestReply <= after) continue;
    for await (const found of inThread(looking, { channel, threadTs: root.ts }))
      if (found.message.ts !== root.ts && isForUs(looking, channel, found.message)) yield found;
  }
}

/** A place that refuses us has nothing for us; of one that did not answer we do not know. */
function unread(looking: Looking, channel: string, err: unknown): void {
  if (isClosing(err)) throw err;
  looking.log.debug({ err, channel }, 'place could not be looked through');
  if (!(err instanceof UpstreamError) || err.retryable) looking.isComplete = false;
}

function isOfPerson({ identity }: MissedPostsDeps, message: SlackMessage): boolean {
  const { subtype } = message.raw;
  const isPost = POST_SUBTYPES.has(typeof subtype === 'string' ? subtype : undefined);
  return isPost && !message.isBot && message.user !== null && message.user !== identity.botUserId;
}

function isForUs({ identity }: MissedPostsDeps, channel: string, message: SlackMessage): boolean {
  return channel.startsWith('D') || message.text.includes(`<@${identity.botUserId}`);
}
