import type { AnyBlock } from '@slack/types';
import type { Message, PressedAction } from '../page-api.ts';
import { SLACKBOT_ID } from '../seed.ts';
import type { StoredMessage } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';

const INVITE = 'absent_invite';
const LEAVE = 'absent_leave';

/**
 * As Slack does: who mentions somebody that is not in the channel is told so, alone, and is offered to invite them.
 * An app that is not in the channel hears nothing of the message.
 */
export function hintAtAbsent(
  workspace: Workspace,
  { channel: id, user, text, threadTs }: StoredMessage,
): void {
  const channel = workspace.store.directory.channel(id);
  if (channel?.kind !== 'channel') return;
  const mentioned = [...text.matchAll(/<@([A-Z0-9]+)>/g)].flatMap((match) => match[1] ?? []);
  const absent = [...new Set(mentioned)].filter(
    (one) => one !== SLACKBOT_ID && !channel.members.includes(one),
  );
  if (absent.length === 0) return;
  const names = listOf(absent);
  const sentence = `You mentioned ${names}, but they are not in this channel.`;
  const hint: Message = {
    ...{ channel: id, ts: workspace.newTs(), user: SLACKBOT_ID, ephemeralFor: user },
    ...(threadTs ? { threadTs } : {}),
    text: sentence,
    blocks: hintBlocks(sentence, absent),
    ...{ reactions: [], replyCount: 0, replyUsers: [] },
  };
  workspace.ephemerals.put(hint);
  workspace.posting.whisper(hint, user);
}

function hintBlocks(sentence: string, absent: readonly string[]): AnyBlock[] {
  const button = (action_id: string, text: string) => ({
    type: 'button' as const,
    action_id,
    text: { type: 'plain_text' as const, text },
    value: absent.join(','),
  });
  return [
    { type: 'section', block_id: 'absent', text: { type: 'mrkdwn', text: sentence } },
    {
      type: 'actions',
      block_id: 'absent_answer',
      elements: [{ ...button(INVITE, 'Invite'), style: 'primary' }, button(LEAVE, 'Do nothing')],
    },
  ];
}

type HintPress = {
  readonly as: string;
  readonly container: { readonly channel: string; readonly ts: string };
  readonly action: PressedAction;
};
type HintAnswer = { readonly ok: true } | { readonly ok: false; readonly warning: string };

/** Carries out a press on such a hint, which no app hears of; null when the message is none. */
export function answerHint(workspace: Workspace, { as, container, action }: HintPress): HintAnswer | null {
  const hint = workspace.ephemerals.get(container.channel, container.ts);
  if (hint?.user !== SLACKBOT_ID || hint.ephemeralFor !== as) return null;
  if (action.action_id === LEAVE) {
    dismiss(workspace, hint);
    return { ok: true };
  }
  const channel = workspace.store.directory.channel(hint.channel);
  if (!channel?.members.includes(as)) return { ok: false, warning: 'You are not in this channel any more.' };
  if (channel.isArchived) return { ok: false, warning: 'This channel is archived.' };
  const named = String(action['value'] ?? '').split(',');
  const invited = named.filter((user) => workspace.store.directory.user(user) !== null);
  for (const user of invited) {
    if (!channel.members.includes(user)) workspace.channels.join(channel, { user, by: as });
  }
  const { blocks: _blocks, ...rest } = hint;
  const said: Message = { ...rest, text: `You invited ${listOf(invited)} to this channel.` };
  workspace.ephemerals.put(said);
  workspace.page.publish({ type: 'message_changed', message: said }, [as]);
  return { ok: true };
}

function dismiss(
  { ephemerals, page }: Workspace,
  { channel, ts, threadTs, ephemeralFor = '' }: Message,
): void {
  ephemerals.remove(channel, ts);
  page.publish({ type: 'message_deleted', channel, ts, ...(threadTs ? { threadTs } : {}) }, [ephemeralFor]);
}

function listOf(users: readonly string[]): string {
  return new Intl.ListFormat('en').format(users.map((user) => `<@${user}>`));
}
