import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { toApiMessage } from '../message-shapes.ts';
import type { Channel } from '../page-api.ts';
import { BOT_USER_ID, GENERAL_ID, TEAM } from '../seed.ts';
import type { Window } from '../store/messages.ts';
import type { StoredMessage } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { findChannel, findJoinedChannel, findUser, openDm } from './lookups.ts';
import { cursor, flag, limit, type Method, method, pageOf } from './method.ts';

/** A channel as conversations.* show it. */
function toApiChannel(channel: Channel): Record<string, unknown> {
  const isDm = channel.kind === 'dm';
  const common = {
    id: channel.id,
    created: 0,
    is_archived: channel.isArchived,
    is_im: isDm,
    is_org_shared: false,
    context_team_id: TEAM.id,
  };
  if (isDm)
    return { ...common, user: channel.members.find((member) => member !== BOT_USER_ID), is_open: true };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_general: channel.id === GENERAL_ID,
    is_shared: false,
    is_member: channel.members.includes(BOT_USER_ID),
    num_members: channel.members.length,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

/** What conversations.list calls a channel's kind. */
function typeOf({ kind, isPrivate }: Channel): string {
  if (kind === 'dm') return 'im';
  return isPrivate ? 'private_channel' : 'public_channel';
}

const info = method({
  args: z.object({ channel: z.string() }),
  run: (workspace, { channel }) => ({ channel: toApiChannel(findChannel(workspace, channel)) }),
});

const list = method({
  args: z.object({
    types: z.string().default('public_channel'),
    exclude_archived: flag.optional(),
    cursor: z.string().optional(),
    limit: limit(1000, 100),
  }),
  run({ store }, args) {
    const types = args.types.split(',');
    const wanted = store.directory
      .channels()
      .filter((channel) => types.includes(typeOf(channel)))
      .filter((channel) => !channel.isPrivate || channel.members.includes(BOT_USER_ID))
      .filter((channel) => !(args.exclude_archived && channel.isArchived));
    const { items, nextCursor } = pageOf(wanted, args);
    return { channels: items.map(toApiChannel), response_metadata: { next_cursor: nextCursor } };
  },
});

const members = method({
  args: z.object({ channel: z.string(), cursor: z.string().optional(), limit: limit(1000, 100) }),
  run(workspace, args) {
    const { items, nextCursor } = pageOf(findChannel(workspace, args.channel).members, args);
    return { members: items, response_metadata: { next_cursor: nextCursor } };
  },
});

const open = method({
  args: z.object({
    users: z.string().optional(),
    channel: z.string().optional(),
    return_im: flag.optional(),
  }),
  run(workspace, { users, channel: reference, return_im }) {
    if (users === undefined && reference === undefined) throw new SlackError('users_list_not_supplied');
    if (users?.includes(',')) throw new SlackError('method_not_supported_for_channel_type');
    const channel =
      users === undefined
        ? findChannel(workspace, reference ?? '')
        : openDm(workspace, findUser(workspace, users).id);
    return { channel: return_im ? toApiChannel(channel) : { id: channel.id } };
  },
});

const join = method({
  args: z.object({ channel: z.string() }),
  run(workspace, { channel: reference }) {
    const channel = findChannel(workspace, reference);
    if (channel.isPrivate) throw new SlackError('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new SlackError('is_archived');
    if (!channel.members.includes(BOT_USER_ID))
      workspace.channels.join(channel, { user: BOT_USER_ID, by: null });
    return { channel: toApiChannel(findChannel(workspace, channel.id)) };
  },
});

const paging = {
  cursor: z.string().optional(),
  limit: limit(999, 100),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};
type Paging = {
  cursor?: string | undefined;
  limit: number;
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
};

/** The exclusive bounds of a page. A digit after the six decimals makes a bound inclusive. */
function windowOf(paging: Paging, order: Window['order']): Window {
  const position = cursor.read(paging.cursor);
  const oldest = paging.inclusive && paging.oldest ? before(paging.oldest) : paging.oldest;
  const latest = paging.inclusive && paging.latest ? `${paging.latest}0` : paging.latest;
  const after = order === 'oldest' ? (position ?? oldest) : oldest;
  const until = order === 'newest' ? (position ?? latest) : latest;
  return {
    order,
    limit: paging.limit + 1,
    ...(after && after !== '0' ? { after } : {}),
    ...(until && until !== 'now' ? { before: until } : {}),
  };
}

/** A bound just before this ts. */
function before(ts: string): string {
  const micros = BigInt(ts.replace('.', '')) - 1n;
  const digits = micros.toString().padStart(16, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

type Found = {
  readonly messages: readonly StoredMessage[];
  readonly withMetadata: boolean;
  readonly limit: number;
};

function answerPage(workspace: Workspace, found: Found): Record<string, unknown> {
  const shown = found.messages.slice(0, found.limit);
  const hasMore = found.messages.length > found.limit;
  const last = shown.at(-1);
  const { withMetadata } = found;
  return {
    messages: shown.map((message) => toApiMessage(workspace, message, { withMetadata })),
    has_more: hasMore,
    ...(hasMore && last ? { response_metadata: { next_cursor: cursor.write(last.ts) } } : {}),
  };
}

const history = method({
  args: z.object({ ...paging, channel: z.string() }),
  run(workspace, args) {
    const channel = findJoinedChannel(workspace, args.channel);
    const messages = workspace.store.messages.inChannel(channel.id, windowOf(args, 'newest'));
    const withMetadata = args.include_all_metadata === true;
    return answerPage(workspace, { messages, withMetadata, limit: args.limit });
  },
});

const replies = method({
  args: z.object({ ...paging, channel: z.string(), ts: z.string() }),
  run(workspace, args) {
    const channel = findJoinedChannel(workspace, args.channel);
    const root = workspace.store.messages.get(channel.id, args.ts);
    if (!root) throw new SlackError('thread_not_found');
    const withMetadata = args.include_all_metadata === true;
    // Asked for a reply, Slack gives that reply alone.
    if (root.threadTs) return answerPage(workspace, { messages: [root], withMetadata, limit: 1 });
    const found = workspace.store.messages.inThread(
      { channel: channel.id, ts: root.ts },
      windowOf(args, 'oldest'),
    );
    const isFirstPage = args.cursor === undefined || args.cursor === '';
    const messages = isFirstPage ? [root, ...found] : found;
    return answerPage(workspace, { messages, withMetadata, limit: args.limit });
  },
});

export const conversationMethods: Record<string, Method> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.join': join,
  'conversations.history': history,
  'conversations.replies': replies,
};
