import { z } from 'zod';
import { POST_SUBTYPES } from '../deliveries.ts';

/** A message that somebody wrote, as the events `app_mention` and `message` tell of it. */
export const postSchema = z.object({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  channel_type: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  blocks: z.array(z.unknown()).optional(),
});
export type Post = z.infer<typeof postSchema>;

export type Audience =
  /** Written to us: a mention, or a direct message. */
  | 'us'
  /** A reply in a thread; ours when the thread has a session. */
  | 'thread'
  | 'others';

/** Slack itself, which tells an app in a direct message that it was removed from a channel. */
const SLACKBOT = 'USLACKBOT';

/** Whom a post is for. Pure. */
export function audienceOf(post: Post, botUserId: string): Audience {
  if (!POST_SUBTYPES.has(post.subtype) || post.bot_id || !post.user) return 'others';
  if (post.user === botUserId || post.user === SLACKBOT) return 'others';
  if (/^\s*\(aside\)/i.test(post.text)) return 'others';
  if (isDirectMessage(post) || mentions(post.text, botUserId)) return 'us';
  const isReply = post.thread_ts !== undefined && post.thread_ts !== post.ts;
  // "@bo what do you think?" is for Bo, also in a thread of ours.
  return isReply && !/^\s*<@[UW]/.test(post.text) ? 'thread' : 'others';
}

function isDirectMessage(post: Post): boolean {
  return post.channel_type === 'im' || post.channel.startsWith('D');
}

function mentions(text: string, botUserId: string): boolean {
  return text.includes(`<@${botUserId}>`) || text.includes(`<@${botUserId}|`);
}

/** The root of the thread that a post is in; a post in the channel is the root of its own. */
export function rootOf(post: Pick<Post, 'ts' | 'thread_ts'>): string {
  return post.thread_ts ?? post.ts;
}
