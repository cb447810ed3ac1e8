import { randomUUID } from 'node:crypto';
import { SlackError } from '../errors.ts';
import { TOMBSTONE, toPageMessage } from '../message-shapes.ts';
import type { Channel, DeleteMessage, EditMessage, MessagePage, PostMessage, React } from '../page-api.ts';
import type { StoredMessage } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { hintAtAbsent } from './absent.ts';
import { compose } from './compose.ts';
import { type BotPost, type MessageQuery, messageQuery } from './requests.ts';

/** The channel, when this person is in it. Throws channel_not_found otherwise, as Slack hides what one may not see. */
export function channelOf({ store }: Workspace, person: string, id: string): Channel {
  const channel = store.directory.channel(id);
  if (!channel?.members.includes(person)) throw new SlackError('channel_not_found');
  return channel;
}

/** Throws message_not_found. */
export function messageOf(
  workspace: Workspace,
  person: string,
  at: { channel: string; ts: string },
): StoredMessage {
  channelOf(workspace, person, at.channel);
  const message = workspace.store.messages.get(at.channel, at.ts);
  if (!message) throw new SlackError('message_not_found');
  return message;
}

/** Throws is_archived too: nothing changes in an archived channel. */
function writableMessage(
  workspace: Workspace,
  person: string,
  at: { channel: string; ts: string },
): StoredMessage {
  writableChannel(workspace, person, at.channel);
  return messageOf(workspace, person, at);
}

function ownMessage(
  workspace: Workspace,
  request: { as: string; channel: string; ts: string },
): StoredMessage {
  const message = writableMessage(workspace, request.as, request);
  if (message.subtype === TOMBSTONE) throw new SlackError('message_not_found');
  if (message.user !== request.as) throw new SlackError('cant_update_message');
  return message;
}

function writableChannel(workspace: Workspace, person: string, id: string): Channel {
  const channel = channelOf(workspace, person, id);
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

/** The root's ts for a reply; null for a root. Throws thread_not_found. */
function rootTs({ store }: Workspace, channel: string, threadTs: string | undefined): string | null {
  if (threadTs === undefined) return null;
  const message = store.messages.get(channel, threadTs);
  if (!message) throw new SlackError('thread_not_found');
  return message.threadTs ?? message.ts;
}

/** What people do with messages: the same acts for the page and for tests. All throw SlackError. */
export function createMessageActs(workspace: Workspace) {
  const { store, posting } = workspace;
  return {
    post(request: PostMessage): { ts: string } {
      const channel = writableChannel(workspace, request.as, request.channel);
      const composed = compose(request.text, store.directory);
      const ownBlocks = composed.block.elements.length > 0 ? [composed.block] : null;
      const fileIds = [...(request.fileIds ?? [])];
      if (composed.text.trim() === '' && fileIds.length === 0) throw new SlackError('no_text');
      const message = posting.post({
        channel: channel.id,
        user: request.as,
        text: composed.text,
        blocks: request.blocks ? [...request.blocks] : ownBlocks,
        threadTs: rootTs(workspace, channel.id, request.threadTs),
        fileIds,
        subtype: fileIds.length > 0 ? 'file_share' : null,
        clientMsgId: randomUUID(),
      });
      hintAtAbsent(workspace, message);
      return { ts: message.ts };
    },
    edit(request: EditMessage): void {
      const message = ownMessage(workspace, request);
      const { text, block } = compose(request.text, store.directory);
      posting.change(message, { ...message, text, blocks: [block], editedTs: workspace.newTs() });
    },
    remove(request: DeleteMessage): void {
      posting.remove(ownMessage(workspace, request));
    },
    react(request: React): void {
      const message = writableMessage(workspace, request.as, request);
      posting.react(message, { user: request.as, name: request.name, remove: request.remove ?? false });
    },
    /** Posts as another app's bot, such as Sentry in #alerts. `as` is the bot's user id. */
    postAsBot(request: BotPost): { ts: string } {
      const channel = writableChannel(workspace, request.as, request.channel);
      const isBroadcast = request.threadTs !== undefined && request.broadcast === true;
      const message = posting.post({
        channel: channel.id,
        user: request.as,
        text: request.text,
        blocks: request.blocks ?? null,
        attachments: request.attachments ?? null,
        threadTs: rootTs(workspace, channel.id, request.threadTs),
        isBroadcast,
        subtype: isBroadcast ? 'thread_broadcast' : null,
      });
      return { ts: message.ts };
    },
    /** One page of a channel or thread, newest last; see MessagePage. */
    messages(query: MessageQuery): MessagePage {
      const { as, channel, thread_ts, before, limit } = messageQuery.parse(query);
      channelOf(workspace, as, channel);
      const window = { limit: limit + 1, order: 'newest' as const, ...(before ? { before } : {}) };
      const found = thread_ts
        ? threadPage(workspace, { channel, ts: thread_ts }, window)
        : store.messages.inChannel(channel, window);
      const shown = found.slice(0, limit).reverse();
      return {
        messages: shown.map((message) => toPageMessage(store, message)),
        hasMore: found.length > limit,
      };
    },
  };
}

/** Replies newest first, and after the oldest of them the root. */
function threadPage(
  { store }: Workspace,
  thread: { channel: string; ts: string },
  window: { limit: number; order: 'newest'; before?: string },
): StoredMessage[] {
  const replies = store.messages.inThread(thread, window);
  const root = store.messages.get(thread.channel, thread.ts);
  const isRootInWindow = window.before === undefined || thread.ts < window.before;
  return root && isRootInWindow && replies.length < window.limit ? [...replies, root] : replies;
}
