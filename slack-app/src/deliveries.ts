import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Delivery } from './inbox.ts';
import { ACTION } from './views/action-ids.ts';

const eventBodySchema = z.object({
  type: z.literal('event_callback'),
  event_id: z.string(),
  event: z.object({
    type: z.string(),
    subtype: z.string().optional(),
    channel: z.string().optional().catch(undefined),
    user: z.string().optional().catch(undefined),
    ts: z.string().optional(),
    thread_ts: z.string().optional(),
  }),
});

const actionBodySchema = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string().optional(),
  container: z
    .object({
      channel_id: z.string().optional(),
      message_ts: z.string().optional(),
      thread_ts: z.string().optional(),
    })
    .optional(),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string().optional() })).min(1),
});

/** Buttons that open a form. Slack takes a form for 3 seconds after the press, so they may not queue. */
const IMMEDIATE: ReadonlySet<string> = new Set([ACTION.createPullRequest]);

/** Subtypes that are posts of people; others tell of edits, joins and the like. */
export const POST_SUBTYPES: ReadonlySet<string | undefined> = new Set([
  undefined,
  'file_share',
  'thread_broadcast',
]);

/**
 * How a body is kept in the inbox; null for what has to be answered at once: forms, commands, shortcuts, and buttons
 * that open a form. Slack does not deliver those again, so there is nothing to keep.
 */
export function asDelivery(body: unknown): Delivery | null {
  const event = eventBodySchema.safeParse(body);
  if (event.success) return fromEvent(event.data, body);
  const action = actionBodySchema.safeParse(body);
  if (!action.success || action.data.actions.some((one) => IMMEDIATE.has(one.action_id))) return null;
  return fromAction(action.data, body);
}

function fromEvent({ event_id: id, event }: z.infer<typeof eventBodySchema>, body: unknown): Delivery {
  const isPost =
    (event.type === 'app_mention' || event.type === 'message') && POST_SUBTYPES.has(event.subtype);
  const root = event.thread_ts ?? event.ts;
  const place = event.channel !== undefined && root !== undefined ? `${event.channel}:${root}` : event.user;
  const post = isPost && event.channel && event.ts ? `${event.channel}:${event.ts}` : null;
  return { id, post, lane: place ?? event.type, body };
}

function fromAction(action: z.infer<typeof actionBodySchema>, body: unknown): Delivery {
  const { channel_id: channel, message_ts: ts, thread_ts: threadTs } = action.container ?? {};
  const id = action.trigger_id ?? createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return { id, post: null, lane: `${channel ?? 'home'}:${threadTs ?? ts ?? ''}`, body };
}
