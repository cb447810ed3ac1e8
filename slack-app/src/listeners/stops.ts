import type { SessionSummary } from 'orchestrator/client';
import {
  type Actor,
  currentTurn,
  isRefused,
  REFUSALS,
  type SessionId,
  type Turn,
  type TurnId,
} from 'orchestrator/domain';
import { z } from 'zod';
import { turnOfSlot } from '../thread-view/slot-names.ts';
import { quoted } from '../views/text.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { type Listener, whisper } from './whisper.ts';

const STOP_SIGN = 'octagonal_sign';
/** Sessions at work in a workspace are a handful; this many are looked through. */
const LOOKED_AT = 100;

const WHICH_ONE =
  'More than one request is being worked on here. Write `stop` in the thread of the one that you mean.';

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
  if (meant) await stop(deps, meant, { user, channel: item.channel, threadTs: meant.threadTs });
}

type Meant = {
  readonly sessionId: SessionId;
  readonly turnId: TurnId | null;
  /** The thread in which the person saw what they reacted to; null for the channel. */
  readonly threadTs: string | null;
};
type MessageRef = { readonly channel: string; readonly ts: string };

async function meantBy(deps: ListenerDeps, message: MessageRef): Promise<Meant | null> {
  const { channel, ts } = message;
  // Cards and finals are about a turn; other messages of ours are about whatever runs.
  const own = await deps.outbox.slotOfMessage(message);
  if (own !== null) return { sessionId: own.sessionId, turnId: turnOfSlot(own.slot), threadTs: own.threadTs };
  const rooted = await sessionIn(deps, channel, ts);
  if (rooted !== null)
    return { sessionId: rooted, turnId: await turnAskedBy(deps, rooted, ts), threadTs: null };
  return followUpIn(deps, message);
}

/** A reply does not say which thread it is in: it is looked for among the requests of the newest sessions of its channel. */
async function followUpIn(deps: ListenerDeps, { channel, ts }: MessageRef): Promise<Meant | null> {
  for await (const { sessionId, thread } of sessionsIn(deps, channel)) {
    const turnId = await turnAskedBy(deps, sessionId, ts);
    if (turnId !== null) return { sessionId, turnId, threadTs: thread?.threadTs ?? null };
  }
  return null;
}

/** Those that work first, then those that rest. */
async function* sessionsIn({ deckhand }: ListenerDeps, channel: string): AsyncGenerator<SessionSummary> {
  for (const status of ['running', 'waiting', 'idle'] as const) {
    const { items } = await deckhand.sessions({ status, limit: LOOKED_AT });
    yield* items.filter(({ thread }) => thread?.channel === channel);
  }
}

/** The word, written by somebody. */
type WrittenStop = {
  readonly actor: Actor;
  readonly listener: Listener;
  /** Of the message. */
  readonly ts: string;
};

/** Ends what runs in a session or is about to. */
export async function stopInThread(
  deps: ListenerDeps,
  sessionId: SessionId,
  { actor, listener, ts }: WrittenStop,
): Promise<void> {
  const turn = await currentTurnOf(deps, sessionId);
  const stopped =
    turn && isLater(turn, ts)
      ? ({ refused: 'turn_over' } as const)
      : await deps.deckhand.send(
          sessionId,
          { type: 'stop_run', ...(turn && { turnId: turn.turnId }) },
          actor,
        );
  if (isRefused(stopped)) await whisper(deps, listener, REFUSALS[stopped.refused]);
}

/**
 * A stop that is written in the channel or in a direct conversation, and not in a thread, means what is worked on there.
 * Where that is more than one thing it ends none of them.
 */
export async function stopInChannel(deps: ListenerDeps, { actor, listener, ts }: WrittenStop): Promise<void> {
  const atWork: { readonly session: SessionSummary; readonly turnId: TurnId }[] = [];
  for await (const session of sessionsIn(deps, listener.channel)) {
    const turn = await currentTurnOf(deps, session.sessionId);
    if (turn && !isLater(turn, ts)) atWork.push({ session, turnId: turn.turnId });
  }
  const [only, ...others] = atWork;
  if (!only) return whisper(deps, listener, REFUSALS.nothing_running);
  if (others.length > 0) return whisper(deps, listener, WHICH_ONE);
  const { session, turnId } = only;
  const stopped = await deps.deckhand.send(session.sessionId, { type: 'stop_run', turnId }, actor);
  if (isRefused(stopped)) return whisper(deps, listener, REFUSALS[stopped.refused]);
  try {
    // Its thread shows it too, but is not what the person looks at.
    await whisper(deps, listener, `Stopping ${quoted(session.title, 100)}.`);
  } catch (err) {
    // Not thrown: worked on again, the same stop would find nothing, and say so.
    deps.log.warn({ err, channel: listener.channel }, 'stop could not be confirmed');
  }
}

async function currentTurnOf({ deckhand }: ListenerDeps, sessionId: SessionId): Promise<Turn | null> {
  const session = await deckhand.session(sessionId);
  return session && currentTurn(session.state);
}

/** Slack may tell of the word late: what was asked for after it is not what it meant. */
function isLater({ message }: Turn, ts: string): boolean {
  return message !== null && message.ts > ts;
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
  { sessionId, turnId }: Pick<Meant, 'sessionId' | 'turnId'>,
  by: Listener,
): Promise<void> {
  const actor = await deps.directory.member(by.user);
  const command = { type: 'stop_run', ...(turnId && { turnId }) } as const;
  const stopped = await deps.deckhand.send(sessionId, command, actor);
  if (isRefused(stopped)) await whisper(deps, by, REFUSALS[stopped.refused]);
}
