import { z } from 'zod';
import type { RefusalCode } from './failures.ts';
import { type TurnId, turnIdSchema } from './ids.ts';
import type { OpenSession, Turn } from './session-state.ts';

/** A request that asks for an earlier turn once more: to go on where it was stopped, or to try what has failed. */
export const againSchema = z.object({ of: turnIdSchema, why: z.enum(['resume', 'retry']) });
export type Again = z.infer<typeof againSchema>;

/**
 * Why a turn may not be asked again; null when it may. Only the one that settled last is: upon an older one other work
 * was done. And once: another time only when the turn that asked for it was cancelled.
 */
export function againRefusal(state: OpenSession, { of }: Again): RefusalCode | null {
  if (!state.knownTurns.includes(of)) return 'no_such_turn';
  if (openTurns(state).some(({ turnId }) => turnId === of)) return 'turn_open';
  if (state.lastSettled !== of) return 'overtaken';
  return isAskedAgain(state, of) ? 'asked_again' : null;
}

/** Whether a turn that asks for this one once more is not over. */
export function isAskedAgain(state: OpenSession, of: TurnId): boolean {
  return openTurns(state).some(({ again }) => again?.of === of);
}

/** Turns that run, wait or are held. */
export function openTurns(state: OpenSession): readonly Turn[] {
  return [...('turn' in state ? [state.turn] : []), ...state.queue, ...state.held];
}
