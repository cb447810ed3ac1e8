import type { Fact } from './events.ts';
import type { RefusalCode, Refused } from './failures.ts';

/** What a command made happen, or why it may not be. */
export type Decision = { readonly events: readonly Fact[] } | Refused;

/** Requests that may wait in one session. */
export const QUEUE_LIMIT = 10;

export function happened(...events: readonly Fact[]): Decision {
  return { events };
}

export function refuse(refused: RefusalCode): Refused {
  return { refused };
}
