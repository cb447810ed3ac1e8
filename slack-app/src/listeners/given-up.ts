import { z } from 'zod';
import { readEdit } from '../edits.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { audienceOf, type Post, postSchema, rootOf } from './post.ts';
import { type Listener, whisper } from './whisper.ts';

const eventBodySchema = z.object({ event_id: z.string(), event: z.unknown() });
const reactionSchema = z.object({
  type: z.literal('reaction_added'),
  user: z.string(),
  reaction: z.literal('octagonal_sign'),
  item: z.object({ channel: z.string() }),
});
const pressBodySchema = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string().default(''),
  user: z.object({ id: z.string() }),
  container: z.object({ channel_id: z.string(), thread_ts: z.string().optional() }),
});

type GivenUpDeps = Omit<ListenerDeps, 'inbox'>;

/** Nobody waits for nothing: whoever wrote to us, or pressed or stopped something, hears that it could not be done. */
export async function sayGivenUp(deps: GivenUpDeps, body: unknown): Promise<void> {
  const press = pressBodySchema.safeParse(body).data;
  if (press) {
    const { channel_id: channel, thread_ts: threadTs = null } = press.container;
    return say(deps, { channel, user: press.user.id, threadTs }, press.trigger_id);
  }
  const delivery = eventBodySchema.safeParse(body).data;
  const listener = delivery && (await listenerOf(deps, delivery.event));
  if (delivery && listener) await say(deps, listener, delivery.event_id);
}

function say(deps: GivenUpDeps, to: Listener, reference: string): Promise<void> {
  return whisper(deps, to, `Something broke on our side. Please try it again. Reference: ${reference}`);
}

async function listenerOf(deps: GivenUpDeps, event: unknown): Promise<Listener | null> {
  const stop = reactionSchema.safeParse(event).data;
  if (stop) return { channel: stop.item.channel, user: stop.user, threadTs: null };
  const post = writtenPost(event);
  if (!post?.user || !(await isForUs(deps, post))) return null;
  return { channel: post.channel, user: post.user, threadTs: post.thread_ts ?? null };
}

async function isForUs({ deckhand, identity }: GivenUpDeps, post: Post): Promise<boolean> {
  const audience = audienceOf(post, identity.botUserId);
  if (audience !== 'thread') return audience === 'us';
  const thread = { team: identity.teamId, channel: post.channel, threadTs: rootOf(post) };
  return (await deckhand.sessionInThread(thread)) !== null;
}

/** What somebody wrote, or made of what they had written. */
function writtenPost(event: unknown): Post | null {
  const edit = readEdit(event);
  const written = edit?.kind === 'changed' ? { ...edit.message, channel: edit.channel } : event;
  return postSchema.safeParse(written).data ?? null;
}
