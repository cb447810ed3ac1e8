import type { ArtifactId } from 'orchestrator/domain';
import type { FileContent, MessageContent } from '../views/blocks.ts';
import { card } from '../views/card.ts';
import { finalMessage, isInline } from '../views/final.ts';
import { pullRequestMessage } from '../views/pull-request.ts';
import { questionMessage } from '../views/question.ts';
import type { ViewContext } from '../views/view-context.ts';
import { isSettled, type ThreadState, type TurnView } from './thread-state.ts';

type Lane = 'final' | 'question' | 'card';

/** One message that a thread should hold. */
export type Slot = {
  /** `turn/<id>/card`, `turn/<id>/final`, `question/<id>`, `evidence/<artifactId>`, `pull-request/<number>`. */
  readonly key: string;
  readonly lane: Lane;
  /** A change of phase is news and is sent at once; other changes may wait and be sent together. */
  readonly phase: string;
  readonly content: MessageContent | FileContent;
};

/** Older turns are left as they are: more than a queue of ten can settle between two looks. */
const TURNS_SHOWN = 20;

/** The messages that a thread should hold, in the order in which they are first posted. Pure. */
export function slots(state: ThreadState, context: ViewContext): readonly Slot[] {
  const turns = state.turns.slice(-TURNS_SHOWN);
  return [
    ...turns.map((turn) => cardSlot(state, turn, context)),
    ...state.questions.slice(-TURNS_SHOWN).map(
      (question): Slot => ({
        key: `question/${question.questionId}`,
        lane: 'question',
        phase: question.state,
        content: questionMessage(state, question),
      }),
    ),
    ...state.evidence.map(
      (evidence): Slot => ({
        key: `evidence/${evidence.artifactId}`,
        lane: 'card',
        phase: 'added',
        content: { kind: 'file', artifactId: evidence.artifactId, name: evidence.name, title: evidence.name },
      }),
    ),
    ...turns.filter(isSettled).map((turn) => finalSlot(state, turn, context)),
    ...state.pullRequests.map(
      (pullRequest): Slot => ({
        key: `pull-request/${pullRequest.number}`,
        lane: 'final',
        phase: `${pullRequest.state} ${pullRequest.headSha}`,
        content: pullRequestMessage(pullRequest, state.repository),
      }),
    ),
  ];
}

function cardSlot(state: ThreadState, turn: TurnView, context: ViewContext): Slot {
  const asking = state.questions.some(
    (question) => question.state === 'open' && question.turnId === turn.turnId,
  );
  const phase = [turn.status, turn.attempt, asking ? 'asking' : '', turn.stopRequestedBy ? 'stopping' : ''];
  return {
    key: `turn/${turn.turnId}/card`,
    lane: 'card',
    phase: phase.join(' '),
    content: card(state, turn, context),
  };
}

function finalSlot(state: ThreadState, turn: TurnView, context: ViewContext): Slot {
  const phase = `${turn.status} ${state.publishing ? 'publishing' : ''} ${state.pullRequests.length}`;
  return {
    key: `turn/${turn.turnId}/final`,
    lane: 'final',
    phase,
    content: finalMessage(state, turn, context),
  };
}

/** The patches that `slots` would show inline. */
export function wantedPatches(state: ThreadState): readonly ArtifactId[] {
  return state.turns
    .slice(-TURNS_SHOWN)
    .flatMap((turn) => (turn.change && isSettled(turn) && isInline(turn.change) ? [turn.change.patch] : []));
}
