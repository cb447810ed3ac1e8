import type { FailureCode } from 'orchestrator/domain';
import type { TurnView } from '../thread-view/thread-state.ts';

/** What came between two tries, behind a colon. Only what is tried again by itself can. */
const SETBACKS: Readonly<Partial<Record<FailureCode, string>>> = {
  'run.lost': 'Deckhand was restarted in between',
  'sandbox.gone': 'the sandbox was lost in between',
  'sandbox.unreachable': 'the sandbox did not answer',
  'sandbox.start_failed': 'no sandbox could be started',
  'agent.start_failed': 'the agent did not start',
  'agent.unreachable': 'the agent stopped answering',
  'agent.interrupted': 'the agent was interrupted',
  'model.unreachable': 'the model did not answer',
  'code_host.unreachable': 'the code host did not answer',
};

/** `2 tries: Deckhand was restarted in between`; null when the first one sufficed. */
export function triesLine(turn: TurnView): string | null {
  if (turn.attempt < 2) return null;
  const reasons = [...new Set(turn.setbacks)].flatMap((code) => SETBACKS[code] ?? []);
  const tries = `${turn.attempt} tries`;
  return reasons.length === 0 ? tries : `${tries}: ${reasons.join(', ')}`;
}
