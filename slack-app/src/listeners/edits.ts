import { isRefused, REFUSALS, type Refused, type SessionId, SYSTEM, type TurnId } from 'orchestrator/domain';
import type { Edit } from '../edits.ts';
import { asksToStop } from '../stop-word.ts';
import { withContext } from '../thread-context.ts';
import type { ThreadState, TurnView } from '../thread-view/thread-state.ts';
import { code, link } from '../views/text.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { readText, takePost } from './messages.ts';
import { audienceOf, type Post, postSchema } from './post.ts';
import { whisper } from './whisper.ts';

const STILL_WORKED_ON = 'The message that you wrote was deleted, but work on it had begun and goes on.';
const ANSWERED_ALREADY = 'Your answer was passed on before you changed it. Reply to say more.';

type Changed = Extract<Edit, { kind: 'changed' }>;

/**
 * An edit corrects the request that the message made, as long as the agent has not been told of it; a deletion takes it
 * back while it waits. A message that has asked for nothing yet and is for us is taken as if it had been written so.
 */
export async function onEdit(deps: ListenerDeps, edit: Edit): Promise<void> {
  const session = await sessionOf(deps, edit);
  const turn = session?.turns.find(({ messageTs }) => messageTs === edit.ts);
  if (edit.kind === 'deleted') {
    if (session && turn) await onDeleted(deps, edit, { sessionId: session.sessionId, turn });
    return;
  }
  const post = postSchema.safeParse({ ...edit.message, channel: edit.channel });
  if (!post.success) return;
  if (session && turn) await correct(deps, edit, { session, turn, post: post.data });
  else if (session?.questions.some(({ answerTs }) => answerTs === edit.ts))
    await say(deps, edit, ANSWERED_ALREADY);
  else if (await isNew(deps, edit, post.data)) await takePost(deps, post.data);
}

async function sessionOf(
  { deckhand, projector, identity }: ListenerDeps,
  { channel, root: threadTs }: Edit,
): Promise<ThreadState | null> {
  const sessionId = await deckhand.sessionInThread({ team: identity.teamId, channel, threadTs });
  return sessionId === null ? null : projector.state(sessionId);
}

/** Whether it says something to us that it did not say before: a stop that was asked for was had. */
async function isNew(deps: ListenerDeps, { channel, previous }: Changed, post: Post): Promise<boolean> {
  if (audienceOf(post, deps.identity.botUserId) !== 'us') return false;
  const before = postSchema.safeParse({ ...previous, channel });
  const asksAgain = before.success && asksToStop(await readText(deps, before.data));
  return !asksAgain || !asksToStop(await readText(deps, post));
}

async function correct(
  deps: ListenerDeps,
  edit: Changed,
  { session, turn, post }: { readonly session: ThreadState; readonly turn: TurnView; readonly post: Post },
): Promise<void> {
  const { sessionId } = session;
  const words = await readText(deps, post);
  if (edit.by === null || words === '') return;
  const actor = await deps.directory.member(edit.by);
  const { turnId } = turn;
  const done = asksToStop(words)
    ? await deps.deckhand.send(sessionId, { type: 'stop_run', turnId }, actor)
    : await deps.deckhand.amendTurn(sessionId, { turnId, request: withContext(words, []) }, actor);
  // What is over, and what says the same in other letters, needs no word.
  if (!isRefused(done) || done.refused === 'turn_unchanged' || done.refused === 'no_such_turn') return;
  await say(deps, edit, refusalSentence(session, done));
}

function refusalSentence({ repository }: ThreadState, { refused }: Refused): string {
  if (refused !== 'other_repository') return REFUSALS[refused];
  return `This session works in ${code(repository)}. Ask in a new thread for another repository.`;
}

/** Tells whoever changed the message. */
async function say(deps: ListenerDeps, { by, channel, root }: Changed, sentence: string): Promise<void> {
  if (by !== null) await whisper(deps, { channel, user: by, threadTs: root }, sentence);
}

async function onDeleted(
  deps: ListenerDeps,
  { author, channel, root, isThreadGone }: Extract<Edit, { kind: 'deleted' }>,
  { sessionId, turn }: { readonly sessionId: SessionId; readonly turn: TurnView },
): Promise<void> {
  const done = await cancel(deps, sessionId, turn.turnId);
  if (author === null || !isRefused(done) || done.refused !== 'turn_running') return;
  const how = isThreadGone
    ? `You can end it in the ${link(deps.sessionUrl(sessionId), 'console')}.`
    : 'Write `stop` in its thread to end it.';
  const listener = { channel, user: author, threadTs: isThreadGone ? null : root };
  await whisper(deps, listener, `${STILL_WORKED_ON} ${how}`);
}

/** By us: Slack does not tell who deleted the message. */
function cancel({ deckhand }: ListenerDeps, sessionId: SessionId, turnId: TurnId) {
  return deckhand.send(sessionId, { type: 'cancel_turn', turnId, reason: 'message_deleted' }, SYSTEM);
}
