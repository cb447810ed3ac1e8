import { z } from 'zod';
import { SlackError } from '../errors.ts';
import type { ResponseTarget } from '../response-urls.ts';
import { BOT_USER_ID } from '../seed.ts';
import type { Workspace } from '../workspace.ts';
import { ephemeral, readContent } from './chat.ts';

const answer = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

/** Does what an app asks through a response_url, or by the payload of a slash command's ack. Throws SlackError. */
export function answerResponseUrl(workspace: Workspace, target: ResponseTarget, body: unknown): void {
  const parsed = answer.safeParse(body);
  if (!parsed.success) throw new SlackError('invalid_payload');
  const request = parsed.data;
  if (request.delete_original) {
    deleteOriginal(workspace, target);
    return;
  }
  const content = readContent(request);
  if (request.replace_original && target.messageTs) {
    replaceOriginal(workspace, { ...target, messageTs: target.messageTs }, content);
    return;
  }
  const threadTs = request.thread_ts ?? target.threadTs;
  const { channel, user } = target;
  if (request.response_type === 'in_channel')
    workspace.posting.post({ ...content, channel, user: BOT_USER_ID, threadTs });
  else ephemeral(workspace, { ...content, channel, user, threadTs });
}

function deleteOriginal(workspace: Workspace, { channel, user, messageTs }: ResponseTarget): void {
  if (!messageTs) return;
  const message = workspace.store.messages.get(channel, messageTs);
  if (message) {
    workspace.posting.remove(message);
    return;
  }
  workspace.ephemerals.remove(channel, messageTs);
  workspace.page.publish({ type: 'message_deleted', channel, ts: messageTs }, [user]);
}

type Content = ReturnType<typeof readContent>;

function replaceOriginal(
  workspace: Workspace,
  target: ResponseTarget & { messageTs: string },
  content: Content,
): void {
  const message = workspace.store.messages.get(target.channel, target.messageTs);
  if (message) {
    workspace.posting.change(message, { ...message, ...content, editedTs: workspace.newTs() });
    return;
  }
  const whispered = workspace.ephemerals.get(target.channel, target.messageTs);
  if (!whispered) return;
  const { blocks: _blocks, attachments: _attachments, ...rest } = whispered;
  const changed = {
    ...rest,
    text: content.text,
    ...(content.blocks ? { blocks: content.blocks } : {}),
    ...(content.attachments ? { attachments: content.attachments } : {}),
  };
  workspace.ephemerals.put(changed);
  workspace.page.publish({ type: 'message_changed', message: changed }, [target.user]);
}
