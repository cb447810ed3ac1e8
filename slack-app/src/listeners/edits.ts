import { isRefused, REFUSALS, type SessionId, SYSTEM, type TurnId } from 'orchestrator/domain';
import type { Edit } from '../edits.ts';
import { withContext } from '../thread-context.ts';
import type { TurnView } from '../thread-view/thread-state.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { inItsThread, onPost, readText } from './messages.ts';
import { asksToStop, audienceOf, type Post, postSchema } from './post.ts';
import { whisper } from './whisper.ts';

const STILL_WORKED_ON =
  'The message that you wrote was deleted, but work on it had begun and goes on. Write `stop` in its thread to end it.';

/** The turn that a message asked for. */
type Asked = { readonly sessionId: SessionId; readonly turns: readonly TurnView[]; readonly turn: TurnView };

/**
 * An edit corrects the request that the message made, as long as the agent has not been told of it; a deletion takes it
 * back while it waits. A message that was not for us and now mentions us is taken as if it had been written so.
 */
export async function onEdit(deps: ListenerDeps, edit: Edit): Promise<void> {
  const asked = await askedBy(deps, edit);
  if (edit.kind === 'changed') await onChanged(deps, edit, asked);
  else if (asked) await onDeleted(deps, edit, asked);
}

async function askedBy({ deckhand, projector, identity }: ListenerDeps, edit: Edit): Promise<Asked | null> {
  const { channel, root: threadTs } = edit;
  const sessionId = await deckhand.sessionInThread({ team: identity.teamId, channel, threadTs });
  if (sessionId === null) return null;
  const { turns } = await projector.state(sessionId);
  const turn = turns.find(({ messageTs }) => messageTs === edit.ts);
  return turn ? { sessionId, turns, turn } : null;
}

async function onChanged(
  deps: ListenerDeps,
  edit: Extract<Edit, { kind: 'changed' }>,
  asked: Asked | null,
): Promise<void> {
  const { channel } = edit;
  const post = postSchema.safeParse({ ...edit.message, channel });
  const before = postSchema.safeParse({ ...edit.previous, channel });
  if (!post.success || !before.success) return;
  if (asked) return correct(deps, edit, { ...asked, post: post.data });
  const isForUs = (one: Post) => audienceOf(one, deps.identity.botUserId) === 'us';
  if (isForUs(post.data) && !isForUs(before.data)) await onPost(deps, post.data);
}

async function correct(
  deps: ListenerDeps,
  { by, channel }: Extract<Edit, { kind: 'changed' }>,
  { sessionId, turns, turn, post }: Asked & { readonly post: Post },
): Promise<void> {
  const words = await readText(deps, post);
  if (by === null || words === '') return;
  const actor = await deps.directory.member(by);
  const { turnId } = turn;
  const isOpener = turns[0]?.turnId === turnId;
  const command = asksToStop(words)
    ? ({ type: 'stop_run', turnId } as const)
    : ({
        type: 'amend_turn',
        turnId,
        text: isOpener ? await inItsThread(deps, post, words) : withContext(words, []),
      } as const);
  const done = await deps.deckhand.send(sessionId, command, actor);
  // What is over, and what says the same in other letters, needs no word.
  if (!isRefused(done) || done.refused === 'turn_unchanged' || done.refused === 'no_such_turn') return;
  await whisper(deps, { channel, user: by, threadTs: post.thread_ts ?? post.ts }, REFUSALS[done.refused]);
}

async function onDeleted(
  deps: ListenerDeps,
  { author, channel, root }: Extract<Edit, { kind: 'deleted' }>,
  { sessionId, turn }: Asked,
): Promise<void> {
  const done = await cancel(deps, sessionId, turn.turnId);
  if (author === null || !isRefused(done) || done.refused !== 'turn_running') return;
  await whisper(deps, { channel, user: author, threadTs: root }, STILL_WORKED_ON);
}

/** By us: Slack does not tell who deleted the message. */
function cancel({ deckhand }: ListenerDeps, sessionId: SessionId, turnId: TurnId) {
  return deckhand.send(sessionId, { type: 'cancel_turn', turnId, reason: 'message_deleted' }, SYSTEM);
}
