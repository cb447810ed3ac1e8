import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { hasScope } from '../manifest.ts';
import { TEAM, type User } from '../seed.ts';
import type { Workspace } from '../workspace.ts';
import { findUser } from './lookups.ts';
import { limit, type Method, method, pageOf } from './method.ts';

/** A person or bot as users.* show it. */
function toApiUser({ manifest }: Workspace, user: User): Record<string, unknown> {
  const email = hasScope(manifest, 'users:read.email') ? { email: user.email } : {};
  return {
    id: user.id,
    team_id: TEAM.id,
    name: user.name,
    deleted: false,
    color: user.color.slice(1),
    real_name: user.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: {
      title: user.title,
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: TEAM.id,
      ...(user.isBot ? { bot_id: user.botId, api_app_id: user.appId } : email),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: user.isGuest,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
  };
}

const info = method({
  args: z.object({ user: z.string() }),
  run: (workspace, { user }) => ({ user: toApiUser(workspace, findUser(workspace, user)) }),
});

const list = method({
  args: z.object({ cursor: z.string().optional(), limit: limit(1000, 1000) }),
  run(workspace, args) {
    const { items, nextCursor } = pageOf(workspace.store.directory.users(), args);
    const members = items.map((user) => toApiUser(workspace, user));
    return { members, response_metadata: { next_cursor: nextCursor } };
  },
});

const lookupByEmail = method({
  args: z.object({ email: z.string() }),
  run(workspace, { email }) {
    const user = workspace.store.directory
      .users()
      .find((entry) => !entry.isBot && entry.email === email.toLowerCase());
    if (!user) throw new SlackError('users_not_found');
    return { user: toApiUser(workspace, user) };
  },
});

const botInfo = method({
  args: z.object({ bot: z.string() }),
  run({ store }, { bot }) {
    const user = store.directory.users().find((entry) => entry.botId === bot);
    if (!user) throw new SlackError('bot_not_found');
    return {
      bot: { id: bot, deleted: false, name: user.name, updated: 0, app_id: user.appId, user_id: user.id },
    };
  },
});

export const userMethods: Record<string, Method> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'bots.info': botInfo,
};
