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
  const ears = createEars(deps);
  return { ...messageEvents(deps, ears), ...otherEvents(deps, ears) };
}

type Ears = ReturnType<typeof createEars>;

/** What the app hears: the events it subscribed to, in the channels that it is in. */
function createEars({ queue, store, manifest }: Deps) {
  const subscriptions = new Set(manifest.settings.event_subscriptions.bot_events);
  return {
    channel(id: string): Channel | null {
      const channel = store.directory.channel(id);
      return channel?.members.includes(BOT_USER_ID) ? channel : null;
    },
    deliver(subscription: string, event: Record<string, unknown>): void {
      if (subscriptions.has(subscription)) queue.deliver(event);
    },
  };
}

function messageEvents(deps: Deps, ears: Ears) {
  const deliver = (channelId: string, event: Record<string, unknown>): void => {
    const channel = ears.channel(channelId);
    if (!channel) return;
    const isDm = channel.kind === 'dm';
    const place = { channel: channelId, channel_type: isDm ? 'im' : 'channel' };
    ears.deliver(isDm ? 'message.im' : 'message.channels', { ...event, ...place });
  };
  return {
    posted(message: StoredMessage): void {
      const fields = toApiMessage(deps, message, { withMetadata: true });
      const event = { ...fields, event_ts: message.ts };
      const isMention = message.text.includes(`<@${BOT_USER_ID}>`) && message.user !== BOT_USER_ID;
      if (isMention && ears.channel(message.channel)?.kind === 'channel')
        ears.deliver('app_mention', { ...event, type: 'app_mention', channel: message.channel });
      deliver(message.channel, event);
    },
    changed(previous: StoredMessage, message: StoredMessage): void {
      const ts = deps.newTs();
      deliver(message.channel, {
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
      deliver(previous.channel, {
        type: 'message',
        subtype: 'message_deleted',
        hidden: true,
        deleted_ts: previous.ts,
        previous_message: toApiMessage(deps, previous),
        ts,
        event_ts: ts,
      });
    },
  };
}

function otherEvents(deps: Deps, ears: Ears) {
  return {
    reacted(
      type: 'reaction_added' | 'reaction_removed',
      reaction: { message: StoredMessage; user: string; name: string },
    ) {
      const { message, user, name } = reaction;
      if (!ears.channel(message.channel)) return;
      ears.deliver(type, {
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
      ears.deliver('app_home_opened', {
        type: 'app_home_opened',
        ...rest,
        ...(view ? { view } : {}),
        event_ts: deps.newTs(),
      });
    },
    joined(channel: string, user: string, inviter: string | null): void {
      if (!ears.channel(channel)) return;
      ears.deliver('member_joined_channel', {
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
      if (ears.channel(channel))
        ears.deliver('channel_archive', { type: 'channel_archive', channel, user, event_ts: deps.newTs() });
    },
  };
}
