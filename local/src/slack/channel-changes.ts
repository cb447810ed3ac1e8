import type { AppEvents } from './app-events.ts';
import { SlackError } from './errors.ts';
import type { Channel } from './page-api.ts';
import type { PageBus } from './page-bus.ts';
import type { Posting } from './posting.ts';
import { BOT_USER_ID, GENERAL_ID, SLACKBOT_ID } from './seed.ts';
import type { Store } from './store/store.ts';

const MAX_NAME = 80;

type Deps = {
  readonly store: Store;
  readonly page: PageBus;
  readonly events: AppEvents;
  readonly posting: Posting;
};

/** Who comes or goes, and who did it; null when they did it themselves. */
type MemberChange = { readonly user: string; readonly by: string | null };

export type ChannelChanges = ReturnType<typeof createMembership> & ReturnType<typeof createNaming>;

/** Every change of a channel goes through here: stored first, then shown on the page, then told to the app. */
export function createChannelChanges(deps: Deps): ChannelChanges {
  return { ...createMembership(deps), ...createNaming(deps) };
}

/** Shows a channel as it is now to those who are in it. */
function show({ store, page }: Deps, id: string): void {
  const channel = store.directory.channel(id);
  if (channel) page.publish({ type: 'channel', channel }, channel.members);
}

function createMembership(deps: Deps) {
  const { store, page, events, posting } = deps;
  /** Slackbot tells a removed app in a direct message, as it tells anybody. */
  const tellRemoved = (channel: Channel, by: string): void => {
    const { channel: dm } = store.directory.dm(BOT_USER_ID, SLACKBOT_ID);
    const text = `You have been removed from #${channel.name} by <@${by}>`;
    posting.post({ channel: dm.id, user: SLACKBOT_ID, text });
  };
  return {
    /** Throws already_in_channel. */
    join(channel: Channel, { user, by }: MemberChange): void {
      if (!store.directory.join(channel.id, user)) throw new SlackError('already_in_channel');
      show(deps, channel.id);
      events.joined(channel, { user, by });
      const draft = { channel: channel.id, user, text: `<@${user}> has joined the channel` };
      posting.post({ ...draft, subtype: 'channel_join', ...(by ? { notice: { inviter: by } } : {}) });
    },
    /** Throws not_in_channel. */
    leave(channel: Channel, { user, by }: MemberChange): void {
      if (!store.directory.leave(channel.id, user)) throw new SlackError('not_in_channel');
      page.publish({ type: 'channel_gone', channel: channel.id }, [user]);
      show(deps, channel.id);
      events.left(channel, { user, by });
      const text = `<@${user}> has left the channel`;
      posting.post({ channel: channel.id, user, text, subtype: 'channel_leave' });
      if (user === BOT_USER_ID && by) tellRemoved(channel, by);
    },
  };
}

function createNaming(deps: Deps) {
  const { store, events, posting } = deps;
  const { directory } = store;
  return {
    /** Throws invalid_name_required, invalid_name_maxlength, invalid_name_specials or name_taken. */
    create(made: { name: string; isPrivate: boolean; members: readonly string[] }): Channel {
      checkName(store, made.name);
      const id = directory.create(made);
      show(deps, id);
      const channel = directory.channel(id);
      if (!channel) throw new Error('a channel that was just made is not there');
      return channel;
    },
    /** Throws what `create` throws, and is_archived. */
    rename(channel: Channel, { name, by }: { name: string; by: string }): void {
      if (channel.isArchived) throw new SlackError('is_archived');
      if (name === channel.name) return;
      checkName(store, name);
      directory.rename(channel.id, name);
      show(deps, channel.id);
      events.renamed(channel, name);
      const text = `<@${by}> has renamed the channel from "${channel.name}" to "${name}"`;
      const notice = { old_name: channel.name, name };
      posting.post({ channel: channel.id, user: by, text, subtype: 'channel_name', notice });
    },
    /** Throws already_archived or cant_archive_general. */
    archive(channel: Channel, by: string): void {
      if (channel.id === GENERAL_ID) throw new SlackError('cant_archive_general');
      if (channel.isArchived) throw new SlackError('already_archived');
      const text = `<@${by}> archived the channel`;
      posting.post({ channel: channel.id, user: by, text, subtype: 'channel_archive' });
      directory.setArchived(channel.id, true);
      show(deps, channel.id);
      events.archived(channel, by);
    },
    /** Throws not_archived. */
    unarchive(channel: Channel, by: string): void {
      if (!channel.isArchived) throw new SlackError('not_archived');
      directory.setArchived(channel.id, false);
      show(deps, channel.id);
      events.unarchived(channel, by);
      const text = `<@${by}> un-archived the channel`;
      posting.post({ channel: channel.id, user: by, text, subtype: 'channel_unarchive' });
    },
  };
}

/** Slack's rules for names: lower-case letters, digits, hyphens and underscores. */
function checkName({ directory }: Store, name: string): void {
  if (name === '') throw new SlackError('invalid_name_required');
  if (name.length > MAX_NAME) throw new SlackError('invalid_name_maxlength');
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) throw new SlackError('invalid_name_specials');
  if (directory.channelByName(name)) throw new SlackError('name_taken');
}
