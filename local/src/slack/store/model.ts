import type { AnyBlock } from '@slack/types';
import { z } from 'zod';

/** Any block that has passed `blocks/validate.ts` before; the stores do not look inside again. */
export const storedBlock = z.custom<AnyBlock>(
  (value) => z.looseObject({ type: z.string() }).safeParse(value).success,
);

const attachment = z.looseObject({
  color: z.string().exactOptional(),
  text: z.string().exactOptional(),
  fallback: z.string().exactOptional(),
  blocks: z.array(storedBlock).exactOptional(),
});

const stream = z.object({
  markdown: z.string(),
  planTitle: z.string().nullable(),
  mode: z.enum(['timeline', 'plan']),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.enum(['pending', 'in_progress', 'complete', 'error']),
      details: z.string().nullable(),
      output: z.string().nullable(),
      sources: z.array(z.object({ type: z.literal('url'), url: z.string(), text: z.string() })),
    }),
  ),
  blocks: z.array(storedBlock),
});

/** A message as the database keeps it. Reactions and reply counts live in their own rows. */
export const storedMessage = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().nullable(),
  isBroadcast: z.boolean(),
  user: z.string(),
  subtype: z.string().nullable(),
  text: z.string(),
  blocks: z.array(storedBlock).nullable(),
  attachments: z.array(attachment).nullable(),
  fileIds: z.array(z.string()),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).nullable(),
  editedTs: z.string().nullable(),
  clientMsgId: z.string().nullable(),
  /** What only notices have, under Slack's names: `inviter`, `old_name`, `name`. */
  notice: z.record(z.string(), z.string()).exactOptional(),
  /** Set while chat.startStream's message is still being written. */
  stream: stream.nullable(),
});

export const storedFile = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  size: z.number(),
  user: z.string(),
  created: z.number(),
  /** False between files.getUploadURLExternal and files.completeUploadExternal. */
  isComplete: z.boolean(),
  /** Single use: the last part of the upload URL. */
  uploadKey: z.string().nullable(),
  shares: z.array(z.object({ channel: z.string(), ts: z.string() })),
});

export const storedView = z.object({
  id: z.string(),
  kind: z.enum(['modal', 'home']),
  user: z.string(),
  hash: z.string(),
  rootId: z.string(),
  previousId: z.string().nullable(),
  externalId: z.string(),
  view: z.looseObject({
    type: z.enum(['modal', 'home']),
    blocks: z.array(storedBlock),
    callback_id: z.string().exactOptional(),
    private_metadata: z.string().exactOptional(),
    clear_on_close: z.boolean().exactOptional(),
    notify_on_close: z.boolean().exactOptional(),
  }),
});

export type StoredMessage = z.infer<typeof storedMessage>;
export type StreamState = z.infer<typeof stream>;
export type Attachment = z.infer<typeof attachment>;
export type StoredFile = z.infer<typeof storedFile>;
export type StoredView = z.infer<typeof storedView>;
export type ViewContent = StoredView['view'];
