import { SlackError } from '../errors.ts';
import type {
  ArchiveChannel,
  ChangeMember,
  Channel,
  CreateChannel,
  OpenDm,
  OpenHome,
  RenameChannel,
} from '../page-api.ts';
import { BOT_USER_ID } from '../seed.ts';
import type { Workspace } from '../workspace.ts';
import { channelOf } from './acts.ts';
import { viewPayload } from './view-payload.ts';

/** A channel that the person is in and that has members to change. Throws channel_not_found and method_not_supported_for_channel_type. */
function changeable(workspace: Workspace, request: { as: string; channel: string }): Channel {
  const channel = channelOf(workspace, request.as, request.channel);
  if (channel.kind === 'dm') throw new SlackError('method_not_supported_for_channel_type');
  return channel;
}

/** What people do with channels, DMs and the app's Home. All throw SlackError. */
export function createChannelActs(workspace: Workspace) {
  const { store, channels, page, events } = workspace;
  return {
    openDm(request: OpenDm): Channel {
      if (!store.directory.user(request.with)) throw new SlackError('user_not_found');
      const { channel, isNew } = store.directory.dm(request.as, request.with);
      if (isNew) page.publish({ type: 'channel', channel }, channel.members);
      return channel;
    },
    openHome(request: OpenHome): void {
      const { channel } = store.directory.dm(request.as, BOT_USER_ID);
      const home = store.views.home(request.as);
      const view = home ? viewPayload(home) : null;
      events.homeOpened({ user: request.as, channel: channel.id, tab: request.tab, view });
    },
    /** Everyone is in a public channel, its maker alone in a private one. */
    createChannel({ as, name, isPrivate }: CreateChannel): Channel {
      const people = store.directory.users().filter((user) => !user.isBot);
      return channels.create({ name, isPrivate, members: isPrivate ? [as] : people.map(({ id }) => id) });
    },
    invite(request: ChangeMember): void {
      const channel = changeable(workspace, request);
      if (!store.directory.user(request.user)) throw new SlackError('user_not_found');
      if (channel.isArchived) throw new SlackError('is_archived');
      channels.join(channel, { user: request.user, by: request.as });
    },
    /** Takes somebody out of a channel, or oneself. */
    removeMember(request: ChangeMember): void {
      const by = request.user === request.as ? null : request.as;
      channels.leave(changeable(workspace, request), { user: request.user, by });
    },
    archive: (request: ArchiveChannel): void => channels.archive(changeable(workspace, request), request.as),
    unarchive: (request: ArchiveChannel): void =>
      channels.unarchive(changeable(workspace, request), request.as),
    rename: (request: RenameChannel): void =>
      channels.rename(changeable(workspace, request), { name: request.name, by: request.as }),
  };
}
