import { isRefused, REFUSALS, type SessionId } from 'orchestrator/domain';
import { z } from 'zod';
import type { ListenerDeps } from './listener-deps.ts';
import { whisper } from './whisper.ts';

const STOP_SIGN = 'octagonal_sign';

const reactionSchema = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.string(), channel: z.string().default(''), ts: z.string().default('') }),
});

/** A stop sign on the request or on a message of ours in its thread stops what runs there. */
export async function onReaction(deps: ListenerDeps, event: unknown): Promise<void> {
  const { user, reaction, item } = reactionSchema.parse(event);
  if (reaction !== STOP_SIGN || item.type !== 'message' || user === deps.identity.botUserId) return;
  const { channel, ts } = item;
  const sessionId = (await sessionIn(deps, channel, ts)) ?? (await deps.sessionOfMessage({ channel, ts }));
  if (sessionId !== null) await stop(deps, sessionId, { user, channel, threadTs: null });
}

const nativeStopSchema = z.object({ user: z.string(), channel: z.string(), thread_ts: z.string() });

/** Slack's own Stop button, in workspaces that show agents as such. */
export async function onNativeStop(deps: ListenerDeps, event: unknown): Promise<void> {
  const { user, channel, thread_ts: threadTs } = nativeStopSchema.parse(event);
  const sessionId = await sessionIn(deps, channel, threadTs);
  if (sessionId !== null) await stop(deps, sessionId, { user, channel, threadTs });
}

function sessionIn(deps: ListenerDeps, channel: string, threadTs: string): Promise<SessionId | null> {
  return deps.deckhand.sessionInThread({ team: deps.identity.teamId, channel, threadTs });
}

async function stop(
  deps: ListenerDeps,
  sessionId: SessionId,
  by: { readonly user: string; readonly channel: string; readonly threadTs: string | null },
): Promise<void> {
  const stopped = await deps.deckhand.send(
    sessionId,
    { type: 'stop_run' },
    await deps.directory.member(by.user),
  );
  if (isRefused(stopped)) await whisper(deps, by, REFUSALS[stopped.refused]);
}
