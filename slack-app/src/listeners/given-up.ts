import { z } from 'zod';
import type { ListenerDeps } from './listener-deps.ts';
import { audienceOf, postSchema } from './post.ts';
import { whisper } from './whisper.ts';

const bodySchema = z.object({ event_id: z.string(), event: postSchema });

/** Nobody waits for nothing: whoever wrote to us hears that it could not be worked on. */
export async function sayGivenUp(deps: ListenerDeps, body: unknown): Promise<void> {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return;
  const { event: post, event_id: reference } = parsed.data;
  if (!post.user || audienceOf(post, deps.identity.botUserId) !== 'us') return;
  const listener = { channel: post.channel, user: post.user, threadTs: post.thread_ts ?? null };
  await whisper(deps, listener, `Something broke on our side. Please ask again. Reference: ${reference}`);
}
