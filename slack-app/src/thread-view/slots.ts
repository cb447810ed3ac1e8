import type { Actor, ArtifactId } from 'orchestrator/domain';
import type { FileContent, MessageContent } from '../views/blocks.ts';
import { card } from '../views/card.ts';
import { finalMessage, isInline } from '../views/final.ts';
import { heldMessage } from '../views/held.ts';
import { pullRequestMessage } from '../views/pull-request.ts';
import { questionMessage } from '../views/question.ts';
import type { ViewContext } from '../views/view-context.ts';
import { slotOfQuestion } from './slot-names.ts';
import {
  type HoldView,
  isAskedAgain,
  isSettled,
  type QuestionView,
  stillHeld,
  type ThreadState,
  type TurnView,
} from './thread-state.ts';

type Lane = 'final' | 'question' | 'card';

/** One message that a thread should hold. */
export type Slot = {
  /** `turn/<id>/card`, `turn/<id>/final`, `held/<turn id>`, `held/<turn id>/<seq>`, `question/<id>`, `evidence/<artifactId>`, `pull-request/<number>`. */
  readonly key: string;
  readonly lane: Lane;
  /** A change of phase is news and is sent at once; other changes may wait and be sent together. */
  readonly phase: string;
  /** A change of progress is worth an edit also when few can be made. */
  readonly progress: string;
  /** More is to come: the turn goes on, and its last edit will say all. */
  readonly isOpen: boolean;
  /** Since when somebody could have it, in milliseconds since the epoch; null where nobody counts. */
  readonly since: number | null;
  /** Who is told in person when the message cannot be posted: a member's id. */
  readonly tell: string | null;
  readonly content: MessageContent | FileContent;
};

/** What most messages are: said at once, complete, and no loss to one person in particular. */
const PLAIN = { progress: '', isOpen: false, since: null, tell: null } as const;

/** Ends a phase for whose sign somebody waits: that the stop is heard, or that an answer is wanted. */
export const PRESSING = '!';

/** Turns that settled before these are left as they are: more than a queue of ten can settle between two looks. */
const SETTLED_SHOWN = 20;
const QUESTIONS_SHOWN = 20;

/** The messages that a thread should hold, in the order in which they are first posted. Pure. */
export function slots(state: ThreadState, context: ViewContext): readonly Slot[] {
  const turns = shownTurns(state);
  return [
    ...turns.map((turn) => cardSlot(state, turn, context)),
    ...state.questions.slice(-QUESTIONS_SHOWN).map((question) => questionSlot(state, question)),
    ...state.evidence.map(
      (evidence): Slot => ({
        ...PLAIN,
        key: `evidence/${evidence.artifactId}`,
        lane: 'card',
        phase: 'added',
        content: { kind: 'file', artifactId: evidence.artifactId, name: evidence.name, title: evidence.name },
      }),
    ),
    ...turns.filter(isSettled).map((turn) => finalSlot(state, turn, context)),
    ...state.holds.filter((hold) => isAsked(state, hold)).map((hold) => heldSlot(state, hold)),
    ...state.pullRequests.map(
      (pullRequest): Slot => ({
        ...PLAIN,
        key: `pull-request/${pullRequest.number}`,
        lane: 'final',
        phase: `${pullRequest.state} ${pullRequest.headSha}`,
        content: pullRequestMessage(pullRequest, state.repository),
      }),
    ),
  ];
}

/** Not the newest requests: a turn that was held may run, or be dropped, long after those that were requested behind it. */
function shownTurns({ turns }: ThreadState): readonly TurnView[] {
  const settled = turns.filter(isSettled).sort((a, b) => (a.settledAt ?? 0) - (b.settledAt ?? 0));
  const newest = new Set(settled.slice(-SETTLED_SHOWN));
  return turns.filter((turn) => !isSettled(turn) || newest.has(turn));
}

function cardSlot(state: ThreadState, turn: TurnView, context: ViewContext): Slot {
  const asking = state.questions.some(
    (question) => question.state === 'open' && question.turnId === turn.turnId,
  );
  const phase = [turn.status, turn.attempt, asking ? 'asking' : '', turn.stopRequestedBy ? 'stopping' : ''];
  const isPressing = !isSettled(turn) && (asking || turn.stopRequestedBy !== null);
  return {
    ...PLAIN,
    key: `turn/${turn.turnId}/card`,
    lane: 'card',
    phase: `${phase.join(' ')}${isPressing ? PRESSING : ''}`,
    progress: `${turn.step ?? ''} ${turn.todos.map((todo) => todo.status).join(' ')}`,
    isOpen: !isSettled(turn),
    content: card(state, turn, context),
  };
}

/** An open question that cannot be posted would hold its run until it expires: who asked hears of it. */
function questionSlot(state: ThreadState, question: QuestionView): Slot {
  const turn = state.turns.find(({ turnId }) => turnId === question.turnId);
  return {
    ...PLAIN,
    key: slotOfQuestion(question.questionId),
    lane: 'question',
    phase: question.state,
    tell: question.state === 'open' && turn ? memberOf(turn.requestedBy) : null,
    content: questionMessage(state, question),
  };
}

function memberOf(actor: Actor): string | null {
  return actor.kind === 'member' ? actor.id : null;
}

/** Not before the stopped turn has had its last word. */
function isAsked(state: ThreadState, hold: HoldView): boolean {
  const isStopping = state.turns.some((turn) => turn.stopRequestedBy !== null && !isSettled(turn));
  return !isStopping || stillHeld(state, hold).length < hold.turnIds.length;
}

function heldSlot(state: ThreadState, hold: HoldView): Slot {
  return {
    ...PLAIN,
    key: `held/${hold.key}`,
    lane: 'question',
    phase: stillHeld(state, hold).length > 0 ? 'open' : 'decided',
    content: heldMessage(state, hold),
  };
}

function finalSlot(state: ThreadState, turn: TurnView, context: ViewContext): Slot {
  const phase = [
    turn.status,
    turn.discard?.state ?? '',
    isAskedAgain(state, turn) ? 'asked again' : '',
    state.publishing ? 'publishing' : '',
    state.pullRequests.length,
  ].join(' ');
  return {
    ...PLAIN,
    key: `turn/${turn.turnId}/final`,
    lane: 'final',
    phase,
    since: turn.settledAt,
    // Whoever deleted the message that asked does not wait for what came of it.
    tell: turn.status === 'cancelled' && turn.endedBy === null ? null : memberOf(turn.requestedBy),
    content: finalMessage(state, turn, context),
  };
}

/** The patches that `slots` would show inline. */
export function wantedPatches(state: ThreadState): readonly ArtifactId[] {
  return shownTurns(state).flatMap((turn) =>
    turn.change && isSettled(turn) && isInline(turn.change) ? [turn.change.patch] : [],
  );
}
