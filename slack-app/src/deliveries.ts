import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readEdit } from './edits.ts';
import type { Delivery } from './inbox.ts';
import { asksToStop } from './stop-word.ts';
import { ACTION } from './views/action-ids.ts';

const eventBodySchema = z.object({
  type: z.literal('event_callback'),
  event_id: z.string(),
  event: z.looseObject({
    type: z.string(),
    subtype: z.string().optional(),
    channel: z.string().optional().catch(undefined),
    user: z.string().optional().catch(undefined),
    bot_id: z.string().optional(),
    ts: z.string().optional(),
    thread_ts: z.string().optional(),
    text: z.string().optional().catch(undefined),
    item: z.object({ channel: z.string(), ts: z.string() }).optional().catch(undefined),
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
  'me_message',
  'thread_broadcast',
]);

export type Intake =
  | { readonly take: 'keep'; readonly delivery: Delivery }
  /** Forms, commands, shortcuts, and buttons that open a form: Slack waits for an answer and does not deliver again. */
  | { readonly take: 'answer' }
  /** Slack tells us of our own messages and of their edits too: of each edit of each card. */
  | { readonly take: 'drop' };

/** What to do with a body that came in. Pure. */
export function intakeOf(body: unknown): Intake {
  const event = eventBodySchema.safeParse(body);
  if (event.success) return fromEvent(event.data, body);
  const action = actionBodySchema.safeParse(body);
  if (!action.success || action.data.actions.some((one) => IMMEDIATE.has(one.action_id)))
    return { take: 'answer' };
  return fromAction(action.data, body);
}

function fromEvent({ event_id: id, event }: z.infer<typeof eventBodySchema>, body: unknown): Intake {
  const isMessage = event.type === 'message';
  const isPost = (event.type === 'app_mention' || isMessage) && POST_SUBTYPES.has(event.subtype);
  if (isMessage && !isPost) {
    const edit = readEdit(event);
    if (!edit) return { take: 'drop' };
    const { channel, root, ts } = edit;
    // Behind the post that it is about.
    const lane = `${channel}:${root}`;
    return {
      take: 'keep',
      delivery: { id, post: null, edits: `${channel}:${ts}`, lane, behind: null, body },
    };
  }
  if (isMessage && event.bot_id !== undefined) return { take: 'drop' };
  const root = event.thread_ts ?? event.ts;
  const place = event.channel !== undefined && root !== undefined ? `${event.channel}:${root}` : event.user;
  const post = isPost && event.channel && event.ts ? `${event.channel}:${event.ts}` : null;
  const lane = place ?? event.type;
  return { take: 'keep', delivery: { id, post, edits: null, lane, behind: behindOf(event, post), body } };
}

/** A sign is about the post that it was put on; a stop outside of a thread about whatever was asked for in its channel. */
function behindOf(
  { item, channel, thread_ts: threadTs, text }: z.infer<typeof eventBodySchema>['event'],
  post: string | null,
): string | null {
  if (item) return `${item.channel}:${item.ts}`;
  const isStop = post !== null && threadTs === undefined && asksToStop((text ?? '').replace(/<@[^>]*>/g, ''));
  return isStop && channel !== undefined ? `${channel}:` : null;
}

function fromAction(action: z.infer<typeof actionBodySchema>, body: unknown): Intake {
  const { channel_id: channel, message_ts: ts, thread_ts: threadTs } = action.container ?? {};
  const id = action.trigger_id ?? createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const lane = `${channel ?? 'home'}:${threadTs ?? ts ?? ''}`;
  return { take: 'keep', delivery: { id, post: null, edits: null, lane, behind: null, body } };
}
