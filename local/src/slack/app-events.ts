import { createEars, type Ears, type EventDeps } from './app-ears.ts';
import { channelEvents } from './channel-events.ts';
import { toApiMessage } from './message-shapes.ts';
import type { Channel } from './page-api.ts';
import { BOT_USER_ID } from './seed.ts';
import type { StoredMessage } from './store/model.ts';

export type AppEvents = ReturnType<typeof createAppEvents>;

/** Tells the app what happened, as far as it subscribed and is a member of the channel. */
export function createAppEvents(deps: EventDeps) {
  const ears = createEars(deps);
  return { ...messageEvents(deps, ears), ...otherEvents(deps, ears), ...channelEvents(deps, ears) };
}

/** The subscription and the `channel_type` of a channel's messages. */
function kindOf(channel: Channel): { readonly subscription: string; readonly channelType: string } {
  if (channel.kind === 'dm') return { subscription: 'message.im', channelType: 'im' };
  return channel.isPrivate
    ? { subscription: 'message.groups', channelType: 'group' }
    : { subscription: 'message.channels', channelType: 'channel' };
}

function messageEvents(deps: EventDeps, ears: Ears) {
  const deliver = (channelId: string, event: Record<string, unknown>): void => {
    const channel = ears.channel(channelId);
    if (!channel) return;
    const { subscription, channelType } = kindOf(channel);
    ears.deliver(subscription, { ...event, channel: channelId, channel_type: channelType });
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

function otherEvents(deps: EventDeps, ears: Ears) {
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
  };
}
