import { z } from 'zod';
import { readAttachments, readBlocks } from '../blocks/validate.ts';
import { SlackError } from '../errors.ts';
import { TOMBSTONE, toApiMessage } from '../message-shapes.ts';
import type { Channel, Message } from '../page-api.ts';
import { BOT_ID, BOT_USER_ID, TEAM } from '../seed.ts';
import type { StoredMessage } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { findChannel, findJoinedChannel, findMessage, findPostTarget, findRoot } from './lookups.ts';
import { flag, json, type Method, method } from './method.ts';

/** Slack cuts a message's text here. */
const MAX_TEXT = 40_000;
/** chat.update refuses instead of cutting, and much earlier. */
const MAX_UPDATE_TEXT = 4000;
/** Slack's own limit is not documented; this is ours, well above the ids that belong there. */
const MAX_METADATA = 8000;

const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  metadata: json(
    z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) }),
  ).optional(),
};

type Content = {
  text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
  metadata?: StoredMessage['metadata'] | undefined;
};

/** Reads and checks what a message holds. Throws no_text, metadata_too_large and the refusals of blocks. */
function readContent({ text = '', metadata, ...args }: Content) {
  if (metadata && JSON.stringify(metadata).length > MAX_METADATA) throw new SlackError('metadata_too_large');
  const blocks = readBlocks(args.blocks, 'message');
  const attachments = readAttachments(args.attachments);
  if (text === '' && !blocks?.length && !attachments?.length) throw new SlackError('no_text');
  return { text: text.slice(0, MAX_TEXT), blocks, attachments };
}

/** A message of the bot that it may change. Throws message_not_found and `refused`. */
function findOwn(
  workspace: Workspace,
  target: { channel: string; ts: string },
  refused: string,
): { channel: Channel; message: StoredMessage } {
  const channel = findJoinedChannel(workspace, target.channel);
  const message = findMessage(workspace, channel, target.ts);
  if (message.subtype === TOMBSTONE) throw new SlackError('message_not_found');
  if (message.user !== BOT_USER_ID) throw new SlackError(refused);
  return { channel, message };
}

const postMessage = method({
  args: z.object({
    ...content,
    channel: z.string(),
    thread_ts: z.string().optional(),
    reply_broadcast: flag.optional(),
    markdown_text: z.string().max(12_000).optional(),
  }),
  run(workspace, { channel: reference, thread_ts, reply_broadcast, markdown_text, ...args }) {
    const channel = findPostTarget(workspace, reference);
    if (markdown_text !== undefined && (args.text !== undefined || args.blocks !== undefined))
      throw new SlackError('markdown_text_conflict');
    const read = readContent(
      markdown_text === undefined
        ? args
        : { ...args, text: markdown_text, blocks: [{ type: 'markdown', text: markdown_text }] },
    );
    const root = thread_ts ? findRoot(workspace, channel, thread_ts) : null;
    const isBroadcast = root !== null && reply_broadcast === true;
    const message = workspace.posting.post({
      ...read,
      channel: channel.id,
      user: BOT_USER_ID,
      threadTs: root?.ts ?? null,
      isBroadcast,
      subtype: isBroadcast ? 'thread_broadcast' : null,
      metadata: args.metadata ?? null,
    });
    const shown = toApiMessage(workspace, message, { withMetadata: true });
    return { channel: channel.id, ts: message.ts, message: shown };
  },
});

const update = method({
  args: z.object({ ...content, channel: z.string(), ts: z.string() }),
  run(workspace, { channel: reference, ts, ...args }) {
    const { channel, message } = findOwn(workspace, { channel: reference, ts }, 'cant_update_message');
    // Slack's word for an edit in an archived channel; a post there meets is_archived.
    if (channel.isArchived) throw new SlackError('is_inactive');
    if (message.stream) throw new SlackError('streaming_state_conflict');
    if ((args.text ?? '').length > MAX_UPDATE_TEXT) throw new SlackError('msg_too_long');
    const read = readContent(args);
    // As documented: blocks and attachments that are not sent are kept, an empty list removes them.
    const changed: StoredMessage = {
      ...message,
      text: args.text === undefined ? message.text : read.text,
      blocks: args.blocks === undefined ? message.blocks : read.blocks,
      attachments: args.attachments === undefined ? message.attachments : read.attachments,
      metadata: args.metadata ?? message.metadata,
      editedTs: workspace.newTs(),
    };
    workspace.posting.change(message, changed);
    return { channel: channel.id, ts, text: changed.text, message: toApiMessage(workspace, changed) };
  },
});

const remove = method({
  args: z.object({ channel: z.string(), ts: z.string() }),
  run(workspace, target) {
    const { channel, message } = findOwn(workspace, target, 'cant_delete_message');
    workspace.posting.remove(message);
    return { channel: channel.id, ts: message.ts };
  },
});

const postEphemeral = method({
  args: z.object({ ...content, channel: z.string(), user: z.string(), thread_ts: z.string().optional() }),
  run(workspace, { channel: reference, user, thread_ts, ...args }) {
    const channel = findPostTarget(workspace, reference);
    if (!channel.members.includes(user)) throw new SlackError('user_not_in_channel');
    const read = readContent(args);
    const root = thread_ts ? findRoot(workspace, channel, thread_ts) : null;
    const message = ephemeral(workspace, { channel: channel.id, user, threadTs: root?.ts ?? null, ...read });
    return { message_ts: message.ts };
  },
});

type Whisper = { channel: string; user: string; threadTs: string | null } & ReturnType<typeof readContent>;

/** Shows a message of the bot to one person. Also what a response_url without `in_channel` does. */
export function ephemeral(workspace: Workspace, whisper: Whisper): Message {
  const message: Message = {
    channel: whisper.channel,
    ts: workspace.newTs(),
    ...(whisper.threadTs ? { threadTs: whisper.threadTs } : {}),
    user: BOT_USER_ID,
    botId: BOT_ID,
    text: whisper.text,
    ...(whisper.blocks ? { blocks: whisper.blocks } : {}),
    ...(whisper.attachments ? { attachments: whisper.attachments } : {}),
    reactions: [],
    ephemeralFor: whisper.user,
    replyCount: 0,
    replyUsers: [],
  };
  workspace.ephemerals.put(message);
  workspace.posting.whisper(message, whisper.user);
  return message;
}

const getPermalink = method({
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run(workspace, { channel: reference, message_ts }) {
    const channel = findChannel(workspace, reference);
    const message = findMessage(workspace, channel, message_ts);
    const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
    const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink: `${workspace.baseUrl()}${path}` };
  },
});

const authTest = method({
  args: z.object({}),
  run: (workspace) => ({
    url: `${workspace.baseUrl()}/`,
    team: TEAM.name,
    team_id: TEAM.id,
    user: 'deckhand',
    user_id: BOT_USER_ID,
    bot_id: BOT_ID,
    is_enterprise_install: false,
  }),
});

const openConnection = method({
  args: z.object({}),
  token: 'app',
  run: (workspace) => ({
    url: `${workspace.baseUrl().replace('http', 'ws')}/link?ticket=${workspace.hub.issueTicket()}`,
  }),
});

export { readContent };

export const chatMethods: Record<string, Method> = {
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
