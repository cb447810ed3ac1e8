import { z } from 'zod';

/** A message as `conversations.replies` and `conversations.history` tell of it. */
export type SlackMessage = {
  readonly ts: string;
  readonly threadTs: string | null;
  /** The person or bot who wrote it; null for what Slack wrote. */
  readonly user: string | null;
  readonly isBot: boolean;
  readonly text: string;
  /** Of the newest reply; null for a message without replies. */
  readonly latestReply: string | null;
  /** Set on our own messages. */
  readonly slot: { readonly session: string; readonly slot: string } | null;
  readonly fileNames: readonly string[];
  /** As Slack gave it. */
  readonly raw: Readonly<Record<string, unknown>>;
};

const metadataSchema = z.object({
  event_type: z.literal('deckhand_slot'),
  event_payload: z.object({ slot: z.string(), session: z.string() }),
});

const messageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  latest_reply: z.string().optional(),
  metadata: metadataSchema.optional().catch(undefined),
  files: z
    .array(z.object({ name: z.string().nullish() }))
    .optional()
    .catch(undefined),
});

export const historySchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

export function toSlackMessage(message: z.infer<typeof messageSchema>): SlackMessage {
  return {
    ts: message.ts,
    threadTs: message.thread_ts ?? null,
    user: message.user ?? message.bot_id ?? null,
    isBot: message.bot_id !== undefined,
    text: message.text,
    latestReply: message.latest_reply ?? null,
    slot: message.metadata?.event_payload ?? null,
    fileNames: (message.files ?? []).map((file) => file.name ?? ''),
    raw: message,
  };
}
