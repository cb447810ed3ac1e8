import type { Message, SlackFile } from './page-api.ts';
import { APP_ID, BOT_ID, SLACKBOT_ID, TEAM, type User } from './seed.ts';
import type { StoredFile, StoredMessage } from './store/model.ts';
import type { Store } from './store/store.ts';

/** The subtype of what is left of a deleted root. */
export const TOMBSTONE = 'tombstone';

/** What Slack writes by itself in the name of somebody, such as "has joined the channel". */
const NOTICES: ReadonlySet<string> = new Set([
  'channel_join',
  'channel_leave',
  'channel_archive',
  'channel_unarchive',
  'channel_name',
]);

/** The bot's own posts carry its ids; a notice about it does not, nor does what Slackbot says. */
function isOfBot({ subtype, user }: StoredMessage): boolean {
  return user !== SLACKBOT_ID && !NOTICES.has(subtype ?? '');
}

/** What turning stored rows into Slack's and the page's shapes needs. */
export type ShapeDeps = { readonly store: Store; readonly baseUrl: () => string };

/** A message as conversations.history, events and interactive payloads show it. */
export function toApiMessage(
  { store, baseUrl }: ShapeDeps,
  message: StoredMessage,
  options: { withMetadata: boolean } = { withMetadata: false },
): Record<string, unknown> {
  const author = store.directory.user(message.user);
  const reactions = store.reactions.of(message.channel, message.ts);
  const files = filesOf(store, message);
  return {
    type: 'message',
    ...(message.subtype ? { subtype: message.subtype } : {}),
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: TEAM.id,
    ...(message.clientMsgId ? { client_msg_id: message.clientMsgId } : {}),
    ...(isOfBot(message) ? botFields(author) : {}),
    ...(message.subtype === TOMBSTONE ? { hidden: true } : {}),
    ...message.notice,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(files.length > 0 ? { files: files.map((file) => toApiFile(file, baseUrl())) } : {}),
    ...threadFields(store, message),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
    ...(reactions.length > 0
      ? { reactions: reactions.map((entry) => ({ ...entry, count: entry.users.length })) }
      : {}),
    ...(message.stream ? { streaming_state: 'in_progress' } : {}),
    ...(options.withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

function botFields(author: User | null): Record<string, unknown> {
  if (!author?.isBot) return {};
  const appId = author.appId ?? APP_ID;
  const botId = author.botId ?? BOT_ID;
  return {
    bot_id: botId,
    app_id: appId,
    bot_profile: {
      id: botId,
      app_id: appId,
      name: author.name,
      deleted: false,
      updated: 0,
      team_id: TEAM.id,
    },
  };
}

function threadFields(store: Store, message: StoredMessage): Record<string, unknown> {
  if (message.threadTs) {
    const root = store.messages.get(message.channel, message.threadTs);
    return { thread_ts: message.threadTs, ...(root ? { parent_user_id: root.user } : {}) };
  }
  const { count, users, latest } = store.messages.threadSummary(message.channel, message.ts);
  if (count === 0) return {};
  return {
    thread_ts: message.ts,
    reply_count: count,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: latest,
    is_locked: false,
    subscribed: false,
  };
}

function filesOf(store: Store, message: StoredMessage): StoredFile[] {
  return message.fileIds.map((id) => store.files.get(id)).filter((file) => file !== null);
}

/** A file as the Web API and events show it. `baseUrl` has no trailing slash. */
export function toApiFile(file: StoredFile, baseUrl: string): Record<string, unknown> {
  const url = `${baseUrl}${filePath(file)}`;
  return {
    id: file.id,
    created: Math.floor(file.created / 1000),
    timestamp: Math.floor(file.created / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.includes('.') ? file.name.split('.').at(-1) : 'text',
    user: file.user,
    user_team: TEAM.id,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    is_public: true,
    url_private: url,
    url_private_download: `${url}?download=1`,
    permalink: url,
    channels: [...new Set(file.shares.map((share) => share.channel))],
  };
}

/** Where the file's bytes are, on this origin. */
function filePath(file: StoredFile): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

export function toPageFile(file: StoredFile): SlackFile {
  const { id, name, title, mimetype, size } = file;
  return { id, name, title, mimetype, size, url: filePath(file) };
}

/** A message as the page shows it. */
export function toPageMessage(store: Store, message: StoredMessage): Message {
  const { count, users, latest } = store.messages.threadSummary(message.channel, message.ts);
  const files = filesOf(store, message).map(toPageFile);
  const botId = isOfBot(message) ? store.directory.user(message.user)?.botId : null;
  return {
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    user: message.user,
    ...(botId ? { botId } : {}),
    ...(message.subtype ? { subtype: message.subtype } : {}),
    text: message.text,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(files.length > 0 ? { files } : {}),
    reactions: store.reactions.of(message.channel, message.ts),
    ...(message.editedTs ? { editedTs: message.editedTs } : {}),
    replyCount: count,
    replyUsers: users,
    ...(latest ? { latestReply: latest } : {}),
  };
}
