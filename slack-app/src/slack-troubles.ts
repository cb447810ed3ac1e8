/** What stands in the way of a message, by what can be done about it. */
export type Trouble =
  /** It passes by itself: Slack is down or busy, and may have done what we asked. */
  | 'passing'
  /** The place refuses us: until somebody changes that, no message gets there. */
  | 'place'
  /** The thread is gone, and nothing brings it back. */
  | 'thread'
  /** The message that we would edit is not there any more. */
  | 'deleted'
  /** The message stands, and Slack lets nobody change it any more. */
  | 'frozen'
  /** What it holds is refused; other content may be taken. */
  | 'content';

type Known = { readonly trouble: Exclude<Trouble, 'passing'>; readonly sentence: string };

const ARCHIVED = 'The channel is archived. Unarchive it to see the rest there.';
const INVITE = 'Invite it again with /invite @deckhand.';

/** Slack's words, with what a person can do. */
const TROUBLES: Readonly<Record<string, Known>> = {
  not_in_channel: { trouble: 'place', sentence: `Deckhand is not in the channel any more. ${INVITE}` },
  channel_not_found: {
    trouble: 'place',
    sentence: `The channel is gone, or Deckhand was removed from it. ${INVITE}`,
  },
  is_archived: { trouble: 'place', sentence: ARCHIVED },
  is_inactive: { trouble: 'place', sentence: ARCHIVED },
  messages_tab_disabled: {
    trouble: 'place',
    sentence: 'The app takes no direct messages. Install it again with the current manifest.yml.',
  },
  ekm_access_denied: {
    trouble: 'place',
    sentence: "The workspace's administrators have suspended posting here.",
  },
  thread_not_found: { trouble: 'thread', sentence: 'The message that the thread began with was deleted.' },
  cannot_reply_to_message: { trouble: 'thread', sentence: 'Slack takes no replies to this message.' },
  restricted_action: {
    trouble: 'place',
    sentence: "The workspace's settings do not let Deckhand post here.",
  },
  restricted_action_read_only_channel: {
    trouble: 'place',
    sentence: 'The channel is read-only. Let Deckhand post in it.',
  },
  restricted_action_thread_locked: { trouble: 'place', sentence: 'The thread is locked.' },
  missing_scope: {
    trouble: 'place',
    sentence: 'The Slack app lacks a permission. Install it again with the current manifest.yml.',
  },
  message_not_found: { trouble: 'deleted', sentence: 'Somebody deleted this message.' },
  cant_update_message: { trouble: 'frozen', sentence: 'Slack does not let Deckhand edit this message.' },
  edit_window_closed: { trouble: 'frozen', sentence: "The workspace's settings allow no edits any more." },
  msg_too_long: { trouble: 'content', sentence: 'The message is too long for Slack.' },
};

const TOKEN_SENTENCE =
  'Slack does not accept the bot token any more. Put a new SLACK_BOT_TOKEN in place and restart; all that waits is sent then.';

/** Slack's words for a token that it does not take, whatever is called. */
const TOKEN_CODES: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'team_access_not_granted',
]);

/** Slack's words for blocks that it does not know or take, or of which there are too many. */
const BLOCK_CODES: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'unsupported_block_type',
]);

/** Slack's words, and ours, for what passes by itself. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  // While a workspace or a shared channel is moved.
  'team_added_to_org',
  'external_channel_migrating',
]);

/** The code of a failure that is none of Slack's. */
export const OWN_CODE = 'internal';

/** Whether a word is for something that passes by itself. What is no word of Slack's is what came instead of an answer. */
export const isPassingCode = (code: string): boolean =>
  PASSING_CODES.has(code) || !/^[a-z_]{1,60}$/.test(code);

export const isTokenCode = (code: string): boolean => TOKEN_CODES.has(code);
export const isBlockCode = (code: string): boolean => BLOCK_CODES.has(code);

/** What Slack's word for a refusal means. A word that we do not know is about the content: it is not tried again. */
export function troubleOf(code: string): Exclude<Trouble, 'passing'> {
  return TROUBLES[code]?.trouble ?? 'content';
}

/** What an event from a channel disproves: it comes from where we are a member, and from no archive. */
const DISPROVED_BY_TRAFFIC: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'is_inactive',
]);

export const isDisprovedByTraffic = (code: string): boolean => DISPROVED_BY_TRAFFIC.has(code);

/** One sentence that says what can be done. */
export function sentenceOf(code: string): string {
  if (isTokenCode(code)) return TOKEN_SENTENCE;
  if (code === OWN_CODE) return 'Something broke on our side. Deckhand’s log says what.';
  if (isPassingCode(code)) return `Slack did not take it (${code}). It is tried again by itself.`;
  return TROUBLES[code]?.sentence ?? `Slack refused this message (${code}).`;
}
