import type { AppManifest } from './manifest.ts';
import { type ShapeDeps, toApiMessage } from './message-shapes.ts';
import type { Channel } from './page-api.ts';
import { BOT_USER_ID, TEAM } from './seed.ts';
import type { EventQueue } from './socket/event-queue.ts';
import type { StoredMessage } from './store/model.ts';

type Deps = ShapeDeps & {
  readonly queue: EventQueue;
  readonly manifest: AppManifest;
  readonly newTs: () => string;
};

export type AppEvents = ReturnType<typeof createAppEvents>;

/** Tells the app what happened, as far as it subscribed and is a member of the channel. */
export function createAppEvents(deps: Deps) {
  const { queue, store } = deps;
  const subscriptions = new Set(deps.manifest.settings.event_subscriptions.bot_events);

  const hears = (channel: Channel | null): channel is Channel =>
    channel?.members.includes(BOT_USER_ID) ?? false;
  const deliver = (subscription: string, event: Record<string, unknown>): void => {
    if (subscriptions.has(subscription)) queue.deliver(event);
  };
  const messageEvent = (channelId: string, event: Record<string, unknown>): void => {
    const channel = store.directory.channel(channelId);
    if (!hears(channel)) return;
    const isDm = channel.kind === 'dm';
    deliver(isDm ? 'message.im' : 'message.channels', {
      ...event,
      channel: channelId,
      channel_type: isDm ? 'im' : 'channel',
    });
  };

  return {
    posted(message: StoredMessage): void {
      const fields = toApiMessage(deps, message, { withMetadata: true });
      const event = { ...fields, event_ts: message.ts };
      const channel = store.directory.channel(message.channel);
      const isMention = message.text.includes(`<@${BOT_USER_ID}>`) && message.user !== BOT_USER_ID;
      if (isMention && hears(channel) && channel.kind === 'channel')
        deliver('app_mention', { ...event, type: 'app_mention', channel: message.channel });
      messageEvent(message.channel, event);
    },
    changed(previous: StoredMessage, message: StoredMessage): void {
      const ts = deps.newTs();
      messageEvent(message.channel, {
        type: 'message',
        subtype: 'message_changed',
        hidden: true,
        message: toApiMessage(deps, message, { withMetadata: true }),
        previous_message: toApiMessage(deps, previous, { withMetadata: true }),
        ts,
        event_ts: ts,
      });
    },
    deleted(previous: StoredMessage): void {
      const ts = deps.newTs();
      messageEvent(previous.channel, {
        type: 'message',
        subtype: 'message_deleted',
        hidden: true,
        deleted_ts: previous.ts,
        previous_message: toApiMessage(deps, previous),
        ts,
        event_ts: ts,
      });
    },
    reacted(
      type: 'reaction_added' | 'reaction_removed',
      reaction: { message: StoredMessage; user: string; name: string },
    ) {
      const { message, user, name } = reaction;
      if (!hears(store.directory.channel(message.channel))) return;
      deliver(type, {
        type,
        user,
        reaction: name,
        item: { type: 'message', channel: message.channel, ts: message.ts },
        item_user: message.user,
        event_ts: deps.newTs(),
      });
    },
    homeOpened(opened: {
      user: string;
      channel: string;
      tab: 'home' | 'messages';
      view: Record<string, unknown> | null;
    }) {
      const { view, ...rest } = opened;
      deliver('app_home_opened', {
        type: 'app_home_opened',
        ...rest,
        ...(view ? { view } : {}),
        event_ts: deps.newTs(),
      });
    },
    joined(channel: string, user: string, inviter: string | null): void {
      if (!hears(store.directory.channel(channel))) return;
      deliver('member_joined_channel', {
        type: 'member_joined_channel',
        user,
        channel,
        channel_type: 'C',
        team: TEAM.id,
        ...(inviter ? { inviter } : {}),
        event_ts: deps.newTs(),
      });
    },
    archived(channel: string, user: string): void {
      if (hears(store.directory.channel(channel)))
        deliver('channel_archive', { type: 'channel_archive', channel, user, event_ts: deps.newTs() });
    },
  };
}
