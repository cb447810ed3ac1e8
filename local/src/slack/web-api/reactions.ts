import { z } from 'zod';
import { SlackError } from '../errors.ts';
import { toApiMessage } from '../message-shapes.ts';
import { BOT_USER_ID } from '../seed.ts';
import type { Workspace } from '../workspace.ts';
import { findJoinedChannel, findMessage } from './lookups.ts';
import { type Method, method } from './method.ts';

const target = { channel: z.string(), timestamp: z.string() };
const named = z.object({ ...target, name: z.string() });

function react(workspace: Workspace, args: z.infer<typeof named>, remove: boolean): object {
  // A name with colons or outside Slack's alphabet is no emoji.
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(args.name)) throw new SlackError('invalid_name');
  const channel = findJoinedChannel(workspace, args.channel);
  if (channel.isArchived) throw new SlackError('is_archived');
  const message = findMessage(workspace, channel, args.timestamp);
  workspace.posting.react(message, { user: BOT_USER_ID, name: args.name, remove });
  return {};
}

export const reactionMethods: Record<string, Method> = {
  'reactions.add': method({ args: named, run: (workspace, args) => react(workspace, args, false) }),
  'reactions.remove': method({ args: named, run: (workspace, args) => react(workspace, args, true) }),
  'reactions.get': method({
    args: z.object(target),
    run(workspace, args) {
      const channel = findJoinedChannel(workspace, args.channel);
      const message = findMessage(workspace, channel, args.timestamp);
      return { type: 'message', channel: channel.id, message: toApiMessage(workspace, message) };
    },
  }),
};
