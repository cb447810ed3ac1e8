import { z } from 'zod';
import { storedBlock } from '../store/model.ts';

/** The bodies of the page's requests; the types they must have are in `page-api.ts`. */
const as = z.string();
const channel = z.string();
const ts = z.string();
const stateValues = z.record(z.string(), z.record(z.string(), z.looseObject({ type: z.string() })));

export const postMessage = z.object({
  as,
  channel,
  text: z.string(),
  threadTs: ts.exactOptional(),
  blocks: z.array(storedBlock).exactOptional(),
  fileIds: z.array(z.string()).exactOptional(),
});
export const editMessage = z.object({ as, channel, ts, text: z.string().min(1) });
export const deleteMessage = z.object({ as, channel, ts });
export const react = z.object({
  as,
  channel,
  ts,
  name: z.string().min(1),
  remove: z.boolean().exactOptional(),
});
export const press = z.object({
  as,
  container: z.union([z.object({ channel, ts }), z.object({ viewId: z.string() })]),
  action: z.looseObject({ type: z.string(), action_id: z.string(), block_id: z.string() }),
  state: stateValues.exactOptional(),
});
export const submitView = z.object({ as, viewId: z.string(), values: stateValues });
export const closeView = z.object({ as, viewId: z.string() });
export const runCommand = z.object({ as, channel, text: z.string() });
export const runShortcut = z.object({
  as,
  callbackId: z.string(),
  message: z.object({ channel, ts }).exactOptional(),
});
export const openDm = z.object({ as, with: z.string() });
export const openHome = z.object({ as, tab: z.enum(['home', 'messages']) });
export const createChannel = z.strictObject({ as, name: z.string(), isPrivate: z.boolean() });
export const changeMember = z.strictObject({ as, channel, user: z.string() });
export const archiveChannel = z.strictObject({ as, channel });
export const renameChannel = z.strictObject({ as, channel, name: z.string() });
/** A message of another app's bot, such as a Sentry alert; only tests and the demo's alert button send it. */
export const botPost = z.object({
  as,
  channel,
  text: z.string(),
  blocks: z.array(storedBlock).exactOptional(),
  attachments: z.array(z.looseObject({ blocks: z.array(storedBlock).exactOptional() })).exactOptional(),
  threadTs: ts.exactOptional(),
  broadcast: z.boolean().exactOptional(),
});
export type BotPost = z.input<typeof botPost>;

export const messageQuery = z.object({
  as,
  channel,
  thread_ts: ts.optional(),
  before: ts.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type MessageQuery = z.input<typeof messageQuery>;

export const latestCalls = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) });
