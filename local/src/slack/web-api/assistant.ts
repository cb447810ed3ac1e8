import { z } from 'zod';
import type { Workspace } from '../workspace.ts';
import { findJoinedChannel, findRoot } from './lookups.ts';
import { json, type Method, method } from './method.ts';

const thread = { channel_id: z.string(), thread_ts: z.string() };

function showStatus(
  workspace: Workspace,
  target: { channel_id: string; thread_ts: string },
  text: string,
): object {
  const channel = findJoinedChannel(workspace, target.channel_id);
  const root = findRoot(workspace, channel, target.thread_ts);
  workspace.page.publish(
    { type: 'status', channel: channel.id, threadTs: root.ts, text },
    workspace.posting.audience(channel.id),
  );
  return {};
}

/** What an app declared as an agent may say about a thread. Titles and prompts are accepted and not shown. */
export const assistantMethods: Record<string, Method> = {
  'assistant.threads.setStatus': method({
    args: z.object({ ...thread, status: z.string(), loading_messages: json(z.array(z.string())).optional() }),
    run: (workspace, args) => showStatus(workspace, args, args.status),
  }),
  'assistant.threads.setTitle': method({
    args: z.object({ ...thread, title: z.string().max(200) }),
    run: () => ({}),
  }),
  'assistant.threads.setSuggestedPrompts': method({
    args: z.object({
      channel_id: z.string(),
      thread_ts: z.string().optional(),
      title: z.string().optional(),
      prompts: json(z.array(z.object({ title: z.string(), message: z.string() })).max(4)),
    }),
    run: () => ({}),
  }),
  'agents.sessions.setStatus': method({
    args: z.object({
      ...thread,
      status: z.enum(['processing', 'active', 'suspended', 'closed']),
      title: z.string().max(200).optional(),
      initiator_user_id: z.string().optional(),
    }),
    run: (workspace, args) => showStatus(workspace, args, args.status === 'processing' ? 'is working…' : ''),
  }),
  'agents.sessions.rename': method({
    args: z.object({ ...thread, title: z.string().min(1).max(200) }),
    run: () => ({}),
  }),
};
