import {
  type Actor,
  isRefused,
  type QuestionId,
  REFUSALS,
  type Refused,
  type SessionId,
} from 'orchestrator/domain';
import { idsIn, idsInMrkdwn, mrkdwnToText, readRichText, richTextToMarkdown } from '../rich-text.ts';
import { asksToStop } from '../stop-word.ts';
import { CONTEXT_MESSAGES, type EarlierMessage, withContext } from '../thread-context.ts';
import { slotOfQuestion } from '../thread-view/slot-names.ts';
import { HELP } from '../views/help.ts';
import { code } from '../views/text.ts';
import { answersFrom } from './answers.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { audienceOf, type Post, rootOf } from './post.ts';
import { stopInChannel, stopInThread } from './stops.ts';
import { type Listener, whisper } from './whisper.ts';

/** A post that is for us, read. */
type Request = {
  readonly post: Post;
  readonly actor: Actor;
  readonly text: string;
  readonly listener: Listener;
};

/** What somebody posted. Replies of which Slack told before it, when there was no session for them, are taken then. */
export async function onPost(deps: ListenerDeps, post: Post): Promise<void> {
  const hasOpened = await takePost(deps, post);
  if (hasOpened) await deps.inbox.again(`${post.channel}:${rootOf(post)}`, `${post.channel}:${post.ts}`);
}

/** What somebody wrote, turned into a command: a new session, a follow-up, an answer, or stop. Says whether it opened a session. */
export async function takePost(deps: ListenerDeps, post: Post): Promise<boolean> {
  const audience = audienceOf(post, deps.identity.botUserId);
  if (audience === 'others' || !post.user) return false;
  const thread = { team: deps.identity.teamId, channel: post.channel, threadTs: rootOf(post) };
  const sessionId = await deps.deckhand.sessionInThread(thread);
  if (sessionId === null && audience === 'thread') return false;
  const listener = { channel: post.channel, user: post.user, threadTs: post.thread_ts ?? null };
  const text = await readText(deps, post);
  if (text === '') {
    await whisper(deps, listener, HELP);
    return false;
  }
  const request = { post, actor: await deps.directory.member(post.user), text, listener };
  if (sessionId === null) return openSession(deps, request);
  await continueSession(deps, sessionId, request);
  return false;
}

/** What a post says, in plain text with names in place of ids. */
export async function readText({ directory, identity }: ListenerDeps, post: Post): Promise<string> {
  const parts = readRichText(post.blocks);
  if (parts) return richTextToMarkdown(parts, await directory.lookUp(idsIn(parts)), identity.botUserId);
  const names = await directory.lookUp(idsInMrkdwn(post.text));
  return mrkdwnToText(post.text, names, identity.botUserId);
}

async function openSession(deps: ListenerDeps, request: Request): Promise<boolean> {
  const { post, text, actor, listener } = request;
  if (asksToStop(text)) {
    if (listener.threadTs === null) await stopInChannel(deps, { actor, listener, ts: post.ts });
    else await whisper(deps, listener, REFUSALS.nothing_running);
    return false;
  }
  const { teamId: team } = deps.identity;
  const threadTs = rootOf(post);
  const opened = await deps.deckhand.openSession(
    {
      sessionKey: `slack:${team}:${post.channel}:${threadTs}`,
      key: turnKey(deps, post),
      trigger: { kind: 'slack_message', team, channel: post.channel, threadTs },
      text: await inItsThread(deps, post, text),
      message: { channel: post.channel, ts: post.ts },
    },
    actor,
  );
  if (!isRefused(opened)) return true;
  // The same post again, after a crash between opening and writing down that it was worked on.
  if (opened.refused !== 'duplicate_turn') await whisper(deps, listener, await refusalSentence(deps, opened));
  return false;
}

/** One post asks for one turn, also when it comes again, late, or after a reply to it has opened the session. */
function turnKey({ identity }: ListenerDeps, { channel, ts }: Post): string {
  return `slack:${identity.teamId}:${channel}:${ts}`;
}

/** Which repository was meant can only be answered by who knows their names. */
async function refusalSentence(deps: ListenerDeps, { refused }: Refused): Promise<string> {
  if (refused !== 'ambiguous_repository' && refused !== 'unknown_repository') return REFUSALS[refused];
  const repositories = await deps.deckhand.repositories();
  const names = repositories.slice(0, 20).map((repository) => code(repository.name));
  return names.length === 0 ? REFUSALS[refused] : `${REFUSALS[refused]} There is ${names.join(', ')}.`;
}

async function continueSession(deps: ListenerDeps, sessionId: SessionId, request: Request): Promise<void> {
  const { post, text, actor, listener } = request;
  if (asksToStop(text)) return stopInThread(deps, sessionId, { actor, listener, ts: post.ts });
  if (await isKnown(deps, sessionId, post)) return;
  if (await answered(deps, sessionId, request)) return;
  const requested = await deps.deckhand.requestTurn(
    sessionId,
    {
      key: turnKey(deps, post),
      text: withContext(text, []),
      message: { channel: post.channel, ts: post.ts },
    },
    actor,
  );
  if (isRefused(requested)) {
    // The same post again: it is being worked on, and its author knows.
    if (requested.refused === 'duplicate_turn') return;
    return whisper(deps, listener, REFUSALS[requested.refused]);
  }
  const session = await deps.deckhand.session(sessionId);
  const isQueued = session?.state.status === 'running' || session?.state.status === 'waiting';
  if (isQueued && session.state.turn.turnId !== requested.turnId) await acknowledge(deps, post);
}

/** A reply to a question of the agent is the answer. Says whether it was one. */
async function answered(deps: ListenerDeps, sessionId: SessionId, request: Request): Promise<boolean> {
  const session = await deps.deckhand.session(sessionId);
  if (session?.state.status !== 'running' || !session.state.question) return false;
  const { questionId, questions } = session.state.question;
  if (!(await stoodBefore(deps, { sessionId, questionId }, request.post.ts))) return false;
  const answers = answersFrom(questions, request.text);
  const message = { channel: request.post.channel, ts: request.post.ts };
  const command = { type: 'answer_question', questionId, answers, message } as const;
  // Refused: somebody else was quicker, so this is a follow-up.
  return !isRefused(await deps.deckhand.send(sessionId, command, request.actor));
}

/**
 * Whether a question stood in its thread when a reply was written. Slack may tell of one late that was written before, and
 * nobody answers what they have not seen. What is not known for certain counts as seen.
 */
async function stoodBefore(
  { outbox }: ListenerDeps,
  { sessionId, questionId }: { readonly sessionId: SessionId; readonly questionId: QuestionId },
  replyTs: string,
): Promise<boolean> {
  const row = await outbox.row(sessionId, slotOfQuestion(questionId));
  if (row) return row.ts === null || row.ts < replyTs;
  const thread = await outbox.thread(sessionId);
  return thread === null || thread.mustSearch === true;
}

/** Whether this post was worked on before, as a request or as an answer, and nobody wrote that down. */
async function isKnown({ projector }: ListenerDeps, sessionId: SessionId, { ts }: Post): Promise<boolean> {
  const { turns, questions } = await projector.state(sessionId);
  return turns.some(({ messageTs }) => messageTs === ts) || questions.some(({ answerTs }) => answerTs === ts);
}

/** Says on the message that it waits in line. Best effort: the card below says it too. */
async function acknowledge({ slack, log }: ListenerDeps, post: Post): Promise<void> {
  try {
    await slack.react({ channel: post.channel, ts: post.ts }, 'eyes');
  } catch (err) {
    log.debug({ err }, 'message was not acknowledged');
  }
}

/** The request of a mention, with what its thread said before. */
async function inItsThread(deps: ListenerDeps, post: Post, text: string): Promise<string> {
  return withContext(text, post.ts === rootOf(post) ? [] : await earlierMessages(deps, post));
}

/** A thread that cannot be read costs the context, not the request. */
async function earlierMessages(deps: ListenerDeps, post: Post): Promise<readonly EarlierMessage[]> {
  const thread = { channel: post.channel, threadTs: rootOf(post) };
  const last: { user: string; text: string }[] = [];
  try {
    for await (const message of deps.slack.thread(thread)) {
      if (message.ts >= post.ts) break;
      last.push({ user: message.user ?? 'Slack', text: message.text });
      if (last.length > CONTEXT_MESSAGES) last.shift();
    }
  } catch (err) {
    deps.log.warn({ err, channel: post.channel }, 'thread could not be read');
  }
  return Promise.all(
    last.map(async ({ user, text }) => ({
      from: await deps.directory.userName(user),
      text: mrkdwnToText(text, await deps.directory.lookUp(idsInMrkdwn(text)), ''),
    })),
  );
}
