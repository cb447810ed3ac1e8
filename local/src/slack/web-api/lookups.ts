import { SlackError } from '../errors.ts';
import type { Channel } from '../page-api.ts';
import { BOT_USER_ID, type User } from '../seed.ts';
import type { StoredMessage } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';

/**
 * A channel by id; channels may also be named as `#name`. Throws channel_not_found, also for a private one that the
 * bot is not in.
 */
export function findChannel({ store }: Workspace, reference: string): Channel {
  const channel = reference.startsWith('#')
    ? store.directory.channelByName(reference.slice(1))
    : store.directory.channel(reference);
  if (!channel) throw new SlackError('channel_not_found');
  const isHidden = channel.isPrivate && !channel.members.includes(BOT_USER_ID);
  if (isHidden) throw new SlackError('channel_not_found');
  return channel;
}

/** A channel that the bot is in. Throws channel_not_found or not_in_channel. */
export function findJoinedChannel(workspace: Workspace, reference: string): Channel {
  const channel = findChannel(workspace, reference);
  if (!channel.members.includes(BOT_USER_ID)) throw new SlackError('not_in_channel');
  return channel;
}

/**
 * Where the bot may post: a channel it is in, or a person's id, which means the direct conversation with them.
 * Throws channel_not_found, not_in_channel or is_archived.
 */
export function findPostTarget(workspace: Workspace, reference: string): Channel {
  const isPerson = workspace.store.directory.user(reference) !== null;
  const channel = isPerson ? openDm(workspace, reference) : findJoinedChannel(workspace, reference);
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

/** The direct conversation of the bot with a person. */
export function openDm({ store, page }: Workspace, user: string): Channel {
  const { channel, isNew } = store.directory.dm(BOT_USER_ID, user);
  if (isNew) page.publish({ type: 'channel', channel }, channel.members);
  return channel;
}

/** Throws message_not_found. */
export function findMessage({ store }: Workspace, channel: Channel, ts: string): StoredMessage {
  const message = store.messages.get(channel.id, ts);
  if (!message) throw new SlackError('message_not_found');
  return message;
}

/** The root of the thread that `ts` is in. Throws thread_not_found. */
export function findRoot({ store }: Workspace, channel: Channel, ts: string): StoredMessage {
  const message = store.messages.get(channel.id, ts);
  const root = message?.threadTs ? store.messages.get(channel.id, message.threadTs) : message;
  if (!root) throw new SlackError('thread_not_found');
  return root;
}

/** Throws user_not_found. */
export function findUser({ store }: Workspace, id: string): User {
  const user = store.directory.user(id);
  if (!user) throw new SlackError('user_not_found');
  return user;
}
