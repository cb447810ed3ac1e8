import { SlackError } from '../errors.ts';
import { type AppManifest, hasScope } from '../manifest.ts';

const READ_CHANNELS = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const READ_HISTORY = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
const WRITE = ['chat:write'];

/** Any one of these lets the app call the method; a method that is not here needs none. */
const SCOPES_OF: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': WRITE,
  'chat.update': WRITE,
  'chat.delete': WRITE,
  'chat.postEphemeral': WRITE,
  'chat.startStream': WRITE,
  'chat.appendStream': WRITE,
  'chat.stopStream': WRITE,
  'conversations.info': READ_CHANNELS,
  'conversations.list': READ_CHANNELS,
  'conversations.members': READ_CHANNELS,
  'conversations.history': READ_HISTORY,
  'conversations.replies': READ_HISTORY,
  'conversations.join': ['channels:join'],
  'conversations.open': ['im:write', 'mpim:write', 'channels:manage', 'groups:write'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
  'bots.info': ['users:read'],
  'reactions.add': ['reactions:write'],
  'reactions.remove': ['reactions:write'],
  'reactions.get': ['reactions:read'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.info': ['files:read'],
  'assistant.threads.setStatus': ['assistant:write', 'chat:write'],
  'assistant.threads.setTitle': ['assistant:write', 'chat:write'],
  'assistant.threads.setSuggestedPrompts': ['assistant:write', 'chat:write'],
  'agents.sessions.setStatus': WRITE,
  'agents.sessions.rename': WRITE,
};

/** Throws missing_scope when the app's manifest does not ask for what the method needs. */
export function checkScope(manifest: AppManifest, method: string): void {
  const needed = SCOPES_OF[method];
  if (!needed || needed.some((scope) => hasScope(manifest, scope))) return;
  const provided = manifest.oauth_config.scopes.bot.join(',');
  throw new SlackError('missing_scope', { detail: { needed: needed[0], provided } });
}
