import type { Deckhand } from 'orchestrator/client';
import { UpstreamError } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import { intakeOf, POST_SUBTYPES } from './deliveries.ts';
import type { Inbox } from './inbox.ts';
import { type Identity, isClosing, type SlackApi } from './slack-api.ts';
import type { SlackMessage } from './slack-messages.ts';

/** Bounds of one look: threads and channels, newest first. Each costs one call at fifty a minute. */
const THREADS_MAX = 1_000;
const CHANNELS_MAX = 200;

export type FindPostsDeps = {
  readonly slack: Pick<SlackApi, 'thread' | 'history' | 'channels'>;
  readonly deckhand: Pick<Deckhand, 'sessions'>;
  readonly inbox: Pick<Inbox, 'put'>;
  readonly identity: Identity;
  readonly log: Logger;
};

/** What a look has brought. It is incomplete when Slack did not answer for a thread or channel. */
export type Look = { readonly count: number; readonly isComplete: boolean };

/** One look: what it goes by, and whether something could not be read. */
type Looking = FindPostsDeps & { readonly after: string; isComplete: boolean };

/**
 * Puts what people posted after this moment, in milliseconds since the epoch, into the inbox. Threads and channels are
 * read side by side: Slack counts them apart, and a new mention does not wait for hundreds of old threads.
 */
export async function findPosts(deps: FindPostsDeps, sinceMs: number): Promise<Look> {
  const looking: Looking = { ...deps, after: (sinceMs / 1_000).toFixed(6), isComplete: true };
  const counts = await Promise.all([
    putAll(looking, inThreads(looking)),
    putAll(looking, inChannels(looking)),
  ]);
  return { count: counts[0] + counts[1], isComplete: looking.isComplete };
}

/** Answers with how many there were. */
async function putAll({ inbox }: Looking, posts: AsyncIterable<Found>): Promise<number> {
  let count = 0;
  for await (const { channel, message } of posts) {
    const event = { ...message.raw, type: 'message', channel, channel_type: typeOf(channel) };
    const eventId = `found:${channel}:${message.ts}`;
    const intake = intakeOf({ type: 'event_callback', event_id: eventId, event });
    if (intake.take !== 'keep') continue;
    await inbox.put(intake.delivery);
    count += 1;
  }
  return count;
}

function typeOf(channel: string): string {
  return channel.startsWith('D') ? 'im' : 'channel';
}

type Found = { readonly channel: string; readonly message: SlackMessage };

async function* inThreads(looking: Looking): AsyncGenerator<Found> {
  for (const thread of await openThreads(looking)) yield* inThread(looking, thread);
}

async function* inChannels(looking: Looking): AsyncGenerator<Found> {
  let channels = 0;
  for await (const channel of looking.slack.channels()) {
    if (++channels > CHANNELS_MAX) return;
    yield* inChannel(looking, channel);
  }
}

async function openThreads({
  deckhand,
}: FindPostsDeps): Promise<readonly { channel: string; threadTs: string }[]> {
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
  for (const root of roots.reverse()) yield* fromRoot(looking, channel, root);
}

/** Who replies in a thread of ours need not name us. It has no session before what is found is worked on. */
async function* fromRoot(looking: Looking, channel: string, root: SlackMessage): AsyncGenerator<Found> {
  let isOurs = isOfPerson(looking, root) && isForUs(looking, channel, root);
  if (isOurs) yield { channel, message: root };
  if (root.latestReply === null || root.latestReply <= looking.after) return;
  for await (const found of inThread(looking, { channel, threadTs: root.ts })) {
    if (found.message.ts === root.ts) continue;
    isOurs ||= isForUs(looking, channel, found.message);
    if (isOurs) yield found;
  }
}

/** A place that refuses us has nothing for us; of one that did not answer we do not know. */
function unread(looking: Looking, channel: string, err: unknown): void {
  if (isClosing(err)) throw err;
  looking.log.debug({ err, channel }, 'place could not be looked through');
  if (!(err instanceof UpstreamError) || err.retryable) looking.isComplete = false;
}

function isOfPerson({ identity }: FindPostsDeps, message: SlackMessage): boolean {
  const { subtype } = message.raw;
  const isPost = POST_SUBTYPES.has(typeof subtype === 'string' ? subtype : undefined);
  return isPost && !message.isBot && message.user !== null && message.user !== identity.botUserId;
}

function isForUs({ identity }: FindPostsDeps, channel: string, message: SlackMessage): boolean {
  return channel.startsWith('D') || message.text.includes(`<@${identity.botUserId}`);
}
