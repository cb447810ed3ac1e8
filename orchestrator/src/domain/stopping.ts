import { isAskedAgain } from './again.ts';
import type { Command } from './commands.ts';
import { type Decision, happened, QUEUE_LIMIT, refuse } from './decision.ts';
import type { Fact } from './events.ts';
import type { TurnId } from './ids.ts';
import type { OpenSession, SessionState, Turn } from './session-state.ts';

/** Decisions about ending work before its time, and about what then becomes of the work that waits. Pure. */

/**
 * Stops a turn, or what runs when none is named. A named turn is the one that a button was made for: it never ends
 * another one. Follow-ups that wait are held, so that the person decides about them.
 */
export function stopRun(state: OpenSession, turnId: TurnId | undefined): Decision {
  if (turnId !== undefined && !state.knownTurns.includes(turnId)) return refuse('no_such_turn');
  const current = currentTurn(state);
  if (turnId !== undefined && turnId !== current?.turnId) {
    const waits = [...state.queue, ...state.held].some((turn) => turn.turnId === turnId);
    return waits ? happened({ type: 'turn.cancelled', turnId }) : refuse('turn_over');
  }
  switch (state.status) {
    case 'running':
      if (state.stopRequestedBy) return refuse('already_stopping');
      return happened({ type: 'run.stop_requested', runId: state.runId }, ...hold(state.queue));
    case 'waiting':
      return happened({ type: 'run.stopped', runId: state.runId }, ...hold(state.queue));
    case 'idle': {
      // Asked and not begun yet: the request is taken back.
      const [next, ...others] = state.queue;
      if (!next) return refuse('nothing_running');
      return happened({ type: 'turn.cancelled', turnId: next.turnId }, ...hold(others));
    }
    case 'closed':
      return refuse('nothing_running');
  }
}

/** The turn that runs, waits for its next try, or is about to begin. */
export function currentTurn(state: SessionState): Turn | null {
  switch (state.status) {
    case 'running':
    case 'waiting':
      return state.turn;
    case 'idle':
      return state.queue[0] ?? null;
    case 'closed':
    case 'unopened':
      return null;
  }
}

function hold(turns: readonly Turn[]): Fact[] {
  return turns.length === 0 ? [] : [{ type: 'queue.held', turnIds: turns.map(({ turnId }) => turnId) }];
}

/** Puts held turns back in line, as many as fit. Without ids it means all of them. */
export function releaseHeld(
  state: OpenSession,
  { turnIds }: Extract<Command, { type: 'release_held' }>,
): Decision {
  const meant = heldTurns(state, turnIds);
  if (meant.length === 0) return refuse('nothing_held');
  const fitting = meant.slice(0, QUEUE_LIMIT - state.queue.length);
  if (fitting.length === 0) return refuse('queue_full');
  return happened({ type: 'queue.released', turnIds: fitting });
}

/** Cancels held turns. Without ids it means all of them. */
export function dropHeld(state: OpenSession, { turnIds }: Extract<Command, { type: 'drop_held' }>): Decision {
  const meant = heldTurns(state, turnIds);
  if (meant.length === 0) return refuse('nothing_held');
  return happened(...cancelled(meant));
}

function heldTurns(state: OpenSession, turnIds: readonly TurnId[] | undefined): readonly TurnId[] {
  const held = state.held.map(({ turnId }) => turnId);
  return turnIds ? held.filter((turnId) => turnIds.includes(turnId)) : held;
}

function cancelled(turnIds: readonly TurnId[]): Fact[] {
  return turnIds.map((turnId) => ({ type: 'turn.cancelled', turnId }));
}

/** Takes back what a stopped turn did, as long as nothing has run since and nothing waits to go on from it. */
export function discardWork(state: OpenSession, turnId: TurnId): Decision {
  if (state.status === 'closed') return refuse('session_closed');
  if (state.status !== 'idle') return refuse('already_running');
  if (state.discarding) return refuse('already_discarding');
  if (state.discardable?.turnId !== turnId) return refuse('nothing_to_discard');
  if (isAskedAgain(state, turnId)) return refuse('asked_again');
  if (state.publishing) return refuse('pull_request_pending');
  return happened({ type: 'work.discard_requested', turnId });
}

/** Nothing vanishes without a word: what waits is cancelled, and a turn between two tries is stopped. */
export function closeSession(state: OpenSession, reason: string): Decision {
  if (state.status === 'closed') return refuse('session_closed');
  if (state.status === 'running') return refuse('already_running');
  const stopped: Fact[] = state.status === 'waiting' ? [{ type: 'run.stopped', runId: state.runId }] : [];
  const waiting = [...state.held, ...state.queue].map(({ turnId }) => turnId);
  return happened(...stopped, ...cancelled(waiting), { type: 'session.closed', reason });
}
