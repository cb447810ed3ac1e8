import { z } from 'zod';
import { readEdit } from '../edits.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { audienceOf, type Post, postSchema } from './post.ts';
import { whisper } from './whisper.ts';

const bodySchema = z.object({ event_id: z.string(), event: z.unknown() });

/** Nobody waits for nothing: whoever wrote to us hears that it could not be worked on. */
export async function sayGivenUp(deps: ListenerDeps, body: unknown): Promise<void> {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return;
  const { event, event_id: reference } = parsed.data;
  const post = writtenPost(event);
  if (!post?.user || audienceOf(post, deps.identity.botUserId) !== 'us') return;
  const listener = { channel: post.channel, user: post.user, threadTs: post.thread_ts ?? null };
  await whisper(deps, listener, `Something broke on our side. Please ask again. Reference: ${reference}`);
}

/** What somebody wrote, or made of what they had written. */
function writtenPost(event: unknown): Post | null {
  const edit = readEdit(event);
  const written = edit?.kind === 'changed' ? { ...edit.message, channel: edit.channel } : event;
  return postSchema.safeParse(written).data ?? null;
}
