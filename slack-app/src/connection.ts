import type { DeliveryHealth } from 'orchestrator/client';
import type { Clock } from 'orchestrator/platform/clock';

type Connection = DeliveryHealth['connection'];

/** How we stand with Slack, from what sockets and calls tell. */
export interface ConnectionWatch {
  /** A socket opened or closed; so many are open now. */
  sockets(open: number): void;
  state(refusal: { readonly code: string; readonly since: number } | null, sentence: string): Connection;
}

export function createConnectionWatch(clock: Clock): ConnectionWatch {
  let open = 0;
  let since = clock.now();
  return {
    sockets: (now) => {
      // Going from two sockets to one is no change that anybody has to know of.
      if (now > 0 !== open > 0) since = clock.now();
      open = now;
    },
    state: (refusal, sentence) => {
      const at = (moment: number) => new Date(moment).toISOString();
      if (refusal) return { sockets: open, state: 'refused', since: at(refusal.since), problem: sentence };
      if (open > 0) return { sockets: open, state: 'connected', since: at(since), problem: null };
      return { sockets: 0, state: 'connecting', since: at(since), problem: 'Slack does not answer.' };
    },
  };
}
