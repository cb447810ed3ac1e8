import { isRefused, REFUSALS, type SessionId, type TurnId } from 'orchestrator/domain';
import { z } from 'zod';
import { turnOfSlot } from '../thread-view/slot-turn.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { whisper } from './whisper.ts';

const STOP_SIGN = 'octagonal_sign';
/** Sessions at work in a workspace are a handful; this many are looked through. */
const LOOKED_AT = 100;

const reactionSchema = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.string(), channel: z.string().default(''), ts: z.string().default('') }),
});

/** A stop sign on a request, or on a message of ours, stops the turn that it is about, or takes it back while it waits. */
export async function onReaction(deps: ListenerDeps, event: unknown): Promise<void> {
  const { user, reaction, item } = reactionSchema.parse(event);
  if (reaction !== STOP_SIGN || item.type !== 'message' || user === deps.identity.botUserId) return;
  const meant = await meantBy(deps, item);
  if (meant) await stop(deps, meant, { user, channel: item.channel, threadTs: null });
}

type Meant = { readonly sessionId: SessionId; readonly turnId: TurnId | null };
type MessageRef = { readonly channel: string; readonly ts: string };

async function meantBy(deps: ListenerDeps, message: MessageRef): Promise<Meant | null> {
  const { channel, ts } = message;
  // Cards and finals are about a turn; other messages of ours are about whatever runs.
  const own = await deps.slotOfMessage(message);
  if (own !== null) return { sessionId: own.sessionId, turnId: turnOfSlot(own.slot) };
  const rooted = await sessionIn(deps, channel, ts);
  if (rooted !== null) return { sessionId: rooted, turnId: await turnAskedBy(deps, rooted, ts) };
  return followUpIn(deps, message);
}

/** A reply does not say which thread it is in: it is looked for among the requests of the newest sessions of its channel. */
async function followUpIn(deps: ListenerDeps, { channel, ts }: MessageRef): Promise<Meant | null> {
  for (const status of ['running', 'waiting', 'idle'] as const) {
    const { items } = await deps.deckhand.sessions({ status, limit: LOOKED_AT });
    for (const { sessionId, thread } of items) {
      if (thread?.channel !== channel) continue;
      const turnId = await turnAskedBy(deps, sessionId, ts);
      if (turnId !== null) return { sessionId, turnId };
    }
  }
  return null;
}

async function turnAskedBy(deps: ListenerDeps, sessionId: SessionId, ts: string): Promise<TurnId | null> {
  const { turns } = await deps.projector.state(sessionId);
  return turns.find((turn) => turn.messageTs === ts)?.turnId ?? null;
}

const nativeStopSchema = z.object({ user: z.string(), channel: z.string(), thread_ts: z.string() });

/** Slack's own Stop button, in workspaces that show agents as such. */
export async function onNativeStop(deps: ListenerDeps, event: unknown): Promise<void> {
  const { user, channel, thread_ts: threadTs } = nativeStopSchema.parse(event);
  const sessionId = await sessionIn(deps, channel, threadTs);
  if (sessionId !== null) await stop(deps, { sessionId, turnId: null }, { user, channel, threadTs });
}

function sessionIn(deps: ListenerDeps, channel: string, threadTs: string): Promise<SessionId | null> {
  return deps.deckhand.sessionInThread({ team: deps.identity.teamId, channel, threadTs });
}

async function stop(
  deps: ListenerDeps,
  { sessionId, turnId }: Meant,
  by: { readonly user: string; readonly channel: string; readonly threadTs: string | null },
): Promise<void> {
  const actor = await deps.directory.member(by.user);
  const command = { type: 'stop_run', ...(turnId && { turnId }) } as const;
  const stopped = await deps.deckhand.send(sessionId, command, actor);
  if (isRefused(stopped)) await whisper(deps, by, REFUSALS[stopped.refused]);
}
