import {
  type Again,
  type Command,
  decide,
  isRefused,
  type OpenSession,
  type TurnId,
} from 'orchestrator/domain';
import type { OutcomeItem } from '../timeline/items.ts';
import type { SessionView } from './view.ts';

/** What is offered to a person. It asks the same domain that decides about the press; there it may be too late. */

export function isPossible(state: OpenSession, command: Command): boolean {
  return !isRefused(decide(state, command));
}

/** The turn that Stop means: the one that runs, waits for its next try, or is about to begin; null when none is. */
export function stoppableTurn(state: OpenSession): TurnId | null {
  const turn = 'turn' in state ? state.turn : state.queue[0];
  return turn && isPossible(state, { type: 'stop_run', turnId: turn.turnId }) ? turn.turnId : null;
}

/** A turn in line can be taken back; the one that is about to begin is stopped instead, as in its thread. */
export function isCancellable(state: OpenSession, turnId: TurnId): boolean {
  return turnId !== stoppableTurn(state) && isPossible(state, { type: 'cancel_turn', turnId });
}

type Offers = {
  readonly turnId: TurnId;
  readonly again: Again['why'] | null;
  readonly isDiscardable: boolean;
};

/** What can be done about the outcome of a run: something only about the one that ended last. */
export function offersFor({ state, work }: SessionView, item: OutcomeItem): Offers | null {
  const { ended } = work;
  if (!ended || ended.tries.at(-1)?.runId !== item.end.runId) return null;
  const { turnId } = ended;
  return { turnId, again: againFor(state, turnId, item), isDiscardable: isDiscardable(state, turnId) };
}

function againFor(state: OpenSession, of: TurnId, item: OutcomeItem): Again['why'] | null {
  const why = whyAgain(item);
  const asked =
    why && ({ type: 'request_turn', turnId: 'trn_next', text: 'again', again: { of, why } } as const);
  return asked && isPossible(state, asked) ? why : null;
}

function whyAgain({ end, discard }: OutcomeItem): Again['why'] | null {
  if (discard?.state === 'asked' || discard?.state === 'done') return null;
  if (end.type === 'run.stopped') return 'resume';
  return end.type === 'run.failed' && end.retryAt === null ? 'retry' : null;
}

/** Where the turn has changed nothing, there is nothing to throw away. */
function isDiscardable(state: OpenSession, turnId: TurnId): boolean {
  const { change, discardable } = state;
  if (!change || change.headSha === discardable?.startSha) return false;
  return isPossible(state, { type: 'discard_work', turnId });
}
