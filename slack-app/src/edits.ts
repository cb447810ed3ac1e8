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
      /** Who changed it. */
      readonly by: string | null;
    }
  | {
      readonly kind: 'deleted';
      readonly channel: string;
      readonly ts: string;
      readonly root: string;
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

const changedSchema = z.object({
  subtype: z.literal('message_changed'),
  channel: z.string(),
  message: messageSchema,
  previous_message: messageSchema,
});
const deletedSchema = z.object({
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
  if (deleted.success)
    return deletion(deleted.data.channel, deleted.data.deleted_ts, deleted.data.previous_message);
  const changed = changedSchema.safeParse(event);
  if (!changed.success) return null;
  const { channel, message, previous_message: previous } = changed.data;
  if (message.subtype === TOMBSTONE) return deletion(channel, message.ts, previous);
  if (message.bot_id !== undefined || message.text === previous.text) return null;
  const { ts, thread_ts: root = ts, edited, user } = message;
  return { kind: 'changed', channel, message, previous, ts, root, by: edited?.user ?? user ?? null };
}

function deletion(channel: string, ts: string, previous: z.infer<typeof messageSchema>): Edit | null {
  if (previous.bot_id !== undefined || previous.subtype === TOMBSTONE) return null;
  return { kind: 'deleted', channel, ts, root: previous.thread_ts ?? ts, author: previous.user ?? null };
}
