/** Slack's refusals by what they are about, with the code as Slack writes it. */
export const errorCodes: readonly { readonly about: string; readonly codes: readonly string[] }[] = [
  {
    about: 'The channel or thread',
    codes: [
      'not_in_channel',
      'channel_not_found',
      'is_archived',
      'thread_not_found',
      'cannot_reply_to_message',
      'restricted_action',
      'restricted_action_read_only_channel',
      'restricted_action_thread_locked',
      'missing_scope',
    ],
  },
  { about: 'The message', codes: ['message_not_found', 'cant_update_message', 'edit_window_closed'] },
  {
    about: 'What it holds',
    codes: [
      'invalid_blocks',
      'invalid_blocks_format',
      'msg_blocks_too_long',
      'msg_too_long',
      'unsupported_block_type',
    ],
  },
  {
    about: 'The token',
    codes: [
      'invalid_auth',
      'not_authed',
      'token_revoked',
      'token_expired',
      'account_inactive',
      'team_access_not_granted',
    ],
  },
  {
    about: 'Passes by itself',
    codes: ['internal_error', 'fatal_error', 'service_unavailable', 'ratelimited'],
  },
];
