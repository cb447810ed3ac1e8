import type { SurfaceCommand } from 'orchestrator/client';
import { type Again, isRefused, REFUSALS, type SessionId } from 'orchestrator/domain';
import { z } from 'zod';
import { ACTION, readAnswerValue, readTurnValue } from '../views/action-ids.ts';
import { holdOf } from '../views/held.ts';
import { pullRequestForm } from '../views/pull-request-form.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { whisper } from './whisper.ts';

const pressSchema = z.object({
  trigger_id: z.string().default(''),
  user: z.object({ id: z.string() }),
  container: z.object({ channel_id: z.string().optional(), thread_ts: z.string().optional() }).optional(),
  actions: z
    .array(
      z.object({ action_id: z.string(), value: z.string().default(''), action_ts: z.string().default('') }),
    )
    .min(1),
});

/** One press of a button of ours. */
type Press = {
  readonly actionId: string;
  readonly value: string;
  /** The same press, delivered again, has the same. */
  readonly key: string;
  readonly user: string;
  readonly triggerId: string;
  readonly place: { readonly channel: string; readonly threadTs: string | null } | null;
};

/** Why a press did nothing, for the person who pressed; null when it did something. */
type Outcome = string | null;

const STALE = 'This button is from an earlier state of the thread; there is nothing to do any more.';

/** Buttons that only open a page: Slack tells of the press, the browser has done the work. */
const LINKS: ReadonlySet<string> = new Set([ACTION.openConsole, ACTION.openDiff, ACTION.openPullRequest]);

/** A press of a button, turned into a command. What does not work any more is said to the person who pressed. */
export async function onPress(deps: ListenerDeps, body: unknown): Promise<void> {
  const press = readPress(body);
  if (LINKS.has(press.actionId)) return;
  const said = await perform(deps, press);
  if (said === null || !press.place) return;
  await whisper(deps, { ...press.place, user: press.user }, said);
}

function readPress(body: unknown): Press {
  const { trigger_id: triggerId, user, container, actions } = pressSchema.parse(body);
  const [action] = actions;
  return {
    actionId: action?.action_id ?? '',
    value: action?.value ?? '',
    key: `slack:press:${container?.channel_id ?? ''}:${action?.action_ts ?? ''}:${triggerId}`,
    user: user.id,
    triggerId,
    place: container?.channel_id
      ? { channel: container.channel_id, threadTs: container.thread_ts ?? null }
      : null,
  };
}

function perform(deps: ListenerDeps, press: Press): Promise<Outcome> {
  // The option's number follows the id of an answer.
  switch (press.actionId.split(':')[0]) {
    case ACTION.stop:
      return stop(deps, press);
    case ACTION.cancel:
      return cancel(deps, press);
    case ACTION.retry:
      return askAgain(deps, press, 'retry');
    case ACTION.resume:
      return askAgain(deps, press, 'resume');
    case ACTION.discard:
      return discard(deps, press);
    case ACTION.releaseHeld:
      return decideHeld(deps, press, 'release_held');
    case ACTION.dropHeld:
      return decideHeld(deps, press, 'drop_held');
    case ACTION.answer:
      return answer(deps, press);
    case ACTION.createPullRequest:
      return openForm(deps, press);
    default:
      return Promise.resolve(STALE);
  }
}

/** A card of a turn that is over does not stop the one that runs now. */
async function stop(deps: ListenerDeps, press: Press): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const { sessionId, turnId } = value;
  return send(deps, press, { sessionId, command: { type: 'stop_run', turnId } });
}

async function cancel(deps: ListenerDeps, press: Press): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const { sessionId, turnId } = value;
  return send(deps, press, { sessionId, command: { type: 'cancel_turn', turnId } });
}

async function discard(deps: ListenerDeps, press: Press): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const { sessionId, turnId } = value;
  return send(deps, press, { sessionId, command: { type: 'discard_work', turnId } });
}

/** The buttons name the first turn that was held together with the others. */
async function decideHeld(
  deps: ListenerDeps,
  press: Press,
  type: 'release_held' | 'drop_held',
): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const { sessionId, turnId } = value;
  const hold = holdOf(await deps.projector.state(sessionId), turnId);
  if (!hold) return REFUSALS.nothing_held;
  return send(deps, press, { sessionId, command: { type, turnIds: [...hold.turnIds] } });
}

/** Refused where somebody else was quicker, or other work was done since. */
async function askAgain(deps: ListenerDeps, press: Press, why: Again['why']): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const { sessionId, turnId } = value;
  const actor = await deps.directory.member(press.user);
  const asked = await deps.deckhand.askAgain(sessionId, { turnId, why, key: press.key }, actor);
  // The same press again: what it asked for is under way.
  if (!isRefused(asked) || asked.refused === 'duplicate_turn') return null;
  return REFUSALS[asked.refused];
}

async function send(
  deps: ListenerDeps,
  press: Press,
  { sessionId, command }: { readonly sessionId: SessionId; readonly command: SurfaceCommand },
): Promise<Outcome> {
  const actor = await deps.directory.member(press.user);
  const sent = await deps.deckhand.send(sessionId, command, actor);
  return isRefused(sent) ? REFUSALS[sent.refused] : null;
}

async function answer(deps: ListenerDeps, press: Press): Promise<Outcome> {
  const value = readAnswerValue(press.value);
  if (!value) return STALE;
  const { sessionId, questionId, option } = value;
  const { questions } = await deps.projector.state(sessionId);
  const asked = questions.find((question) => question.questionId === questionId);
  const label = asked?.questions[0]?.options[option]?.label;
  if (label === undefined) return REFUSALS.no_such_question;
  const answers = [[label]];
  return send(deps, press, { sessionId, command: { type: 'answer_question', questionId, answers } });
}

/** Runs at once: Slack takes a form for three seconds after the press. */
async function openForm(deps: ListenerDeps, press: Press): Promise<Outcome> {
  const value = readTurnValue(press.value);
  if (!value) return STALE;
  const state = await deps.projector.state(value.sessionId);
  if (state.publishing) return REFUSALS.pull_request_pending;
  if (state.pullRequests.some((pullRequest) => pullRequest.state === 'open'))
    return REFUSALS.pull_request_open;
  const turn = state.turns.find((known) => known.turnId === value.turnId) ?? null;
  await deps.slack.openView(press.triggerId, pullRequestForm(state, turn));
  return null;
}
