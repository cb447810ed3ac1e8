import { z } from 'zod';

/** What a person did to a message that was there already. */
export type Edit =
  | {
      readonly kind: 'changed';
      readonly channel: string;
      /** The message as it is now and as it was, as Slack tells of them. */
      readonly message: Readonly<Record<string, unknown>>;
      readonly previous: Readonly<Record<string, unknown>>;
      readonly ts: string;
      /** Root of the thread that it is in. */
      readonly root: string;
      /** When it happened, as a ts. */
      readonly at: string;
      /** Who changed it. */
      readonly by: string | null;
    }
  | {
      readonly kind: 'deleted';
      readonly channel: string;
      readonly ts: string;
      readonly root: string;
      readonly at: string;
      /** It was a root that nobody had replied to: no thread is left to say anything in. */
      readonly isThreadGone: boolean;
      /** Who wrote it. Slack does not tell who deleted it: its author, or somebody who may delete everything. */
      readonly author: string | null;
    };

const messageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  edited: z.object({ user: z.string() }).optional().catch(undefined),
});

/** Slack gives an event that tells of a change the ts of the change itself. */
const at = { event_ts: z.string().optional(), ts: z.string().optional() };

const changedSchema = z.object({
  ...at,
  subtype: z.literal('message_changed'),
  channel: z.string(),
  message: messageSchema,
  previous_message: messageSchema,
});
const deletedSchema = z.object({
  ...at,
  subtype: z.literal('message_deleted'),
  channel: z.string(),
  deleted_ts: z.string(),
  previous_message: messageSchema,
});

/** What Slack leaves in the place of a deleted message that has replies. */
const TOMBSTONE = 'tombstone';

/**
 * The edit or deletion that an event of type `message` tells of. Null for all others, for what happened to messages of
 * apps, ours included, and for changes that left the words as they were, such as the preview of a link. Pure.
 */
export function readEdit(event: unknown): Edit | null {
  const deleted = deletedSchema.safeParse(event);
  if (deleted.success) return deletion(deleted.data, { ts: deleted.data.deleted_ts, isTombstone: false });
  const changed = changedSchema.safeParse(event);
  if (!changed.success) return null;
  const { channel, message, previous_message: previous } = changed.data;
  if (message.subtype === TOMBSTONE) return deletion(changed.data, { ts: message.ts, isTombstone: true });
  if (message.bot_id !== undefined || message.text === previous.text) return null;
  const { ts, thread_ts: root = ts, edited, user } = message;
  const by = edited?.user ?? user ?? null;
  return { kind: 'changed', channel, message, previous, ts, root, at: momentOf(changed.data), by };
}

function deletion(
  event: Omit<z.infer<typeof deletedSchema>, 'subtype' | 'deleted_ts'>,
  { ts, isTombstone }: { readonly ts: string; readonly isTombstone: boolean },
): Edit | null {
  const { channel, previous_message: previous } = event;
  if (previous.bot_id !== undefined || previous.subtype === TOMBSTONE) return null;
  const { thread_ts: root = ts, user: author = null } = previous;
  const isThreadGone = root === ts && !isTombstone;
  return { kind: 'deleted', channel, ts, root, at: momentOf(event), isThreadGone, author };
}

function momentOf(event: {
  readonly event_ts?: string | undefined;
  readonly ts?: string | undefined;
}): string {
  return event.event_ts ?? event.ts ?? '';
}
