import type { Ears, EventDeps } from './app-ears.ts';
import type { Channel } from './page-api.ts';
import { BOT_USER_ID, TEAM } from './seed.ts';

type MemberChange = { readonly user: string; readonly by: string | null };

/** Slack names the events of private channels after the groups that they once were. */
const prefixOf = (channel: Channel): 'channel' | 'group' => (channel.isPrivate ? 'group' : 'channel');

/** Tells the app what becomes of the channels that it is in. `channel` is as it was before the change. */
export function channelEvents({ newTs }: EventDeps, ears: Ears) {
  /** `channel_archive` or `group_archive`, and so on. */
  const tell = (channel: Channel, what: string, fields: Record<string, unknown>): void => {
    const type = `${prefixOf(channel)}_${what}`;
    if (ears.channel(channel.id)) ears.deliver(type, { type, ...fields, event_ts: newTs() });
  };
  const memberFields = (channel: Channel, user: string) => ({
    user,
    channel: channel.id,
    channel_type: channel.isPrivate ? 'G' : 'C',
    team: TEAM.id,
  });
  return {
    joined(channel: Channel, { user, by }: MemberChange): void {
      if (!ears.channel(channel.id)) return;
      const type = 'member_joined_channel';
      const inviter = by === null ? {} : { inviter: by };
      ears.deliver(type, { type, ...memberFields(channel, user), ...inviter, event_ts: newTs() });
    },
    /** Who leaves hears of it in an event of its own: an app that is removed gets no member_left_channel. */
    left(channel: Channel, { user, by }: MemberChange): void {
      if (user === BOT_USER_ID) {
        const type = `${prefixOf(channel)}_left`;
        ears.deliver(type, { type, channel: channel.id, actor_id: by ?? user, event_ts: newTs() });
        return;
      }
      if (!ears.channel(channel.id)) return;
      const type = 'member_left_channel';
      ears.deliver(type, { type, ...memberFields(channel, user), event_ts: newTs() });
    },
    archived: (channel: Channel, user: string): void =>
      tell(channel, 'archive', { channel: channel.id, user, is_moved: 0 }),
    unarchived: (channel: Channel, user: string): void =>
      tell(channel, 'unarchive', { channel: channel.id, user }),
    renamed: (channel: Channel, name: string): void =>
      tell(channel, 'rename', {
        channel: {
          id: channel.id,
          is_channel: !channel.isPrivate,
          is_mpim: false,
          name,
          name_normalized: name,
          created: 0,
        },
      }),
  };
}
