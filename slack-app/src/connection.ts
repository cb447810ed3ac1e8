import type { DeliveryHealth } from 'orchestrator/client';
import type { Clock } from 'orchestrator/platform/clock';
import type { Refusal } from './scheduler/token-watch.ts';
import { sentenceOf } from './slack-troubles.ts';

type Connection = DeliveryHealth['connection'];

/** How we stand with Slack, from what sockets and calls tell. */
export interface ConnectionWatch {
  /** A socket opened or closed; so many are open now. */
  sockets(open: number): void;
  /** Slack's word when it does not let us connect with our app-level token; null when it does. */
  refused(code: string | null): void;
  /** `refusal` is of the bot token. */
  state(refusal: Refusal | null): Connection;
}

export function createConnectionWatch(clock: Clock): ConnectionWatch {
  let open = 0;
  let since = clock.now();
  let appRefusal: Refusal | null = null;
  return {
    sockets: (now) => {
      // Going from two sockets to one is no change that anybody has to know of.
      if (now > 0 !== open > 0) since = clock.now();
      open = now;
    },
    refused: (code) => {
      if (code === null) appRefusal = null;
      else appRefusal ??= { code, since: clock.now() };
    },
    state: (refusal) => {
      const at = (moment: number) => new Date(moment).toISOString();
      const refused = (moment: number, problem: string): Connection => ({
        sockets: open,
        state: 'refused',
        since: at(moment),
        problem,
      });
      if (refusal) return refused(refusal.since, sentenceOf(refusal.code));
      if (appRefusal) return refused(appRefusal.since, appSentence(appRefusal.code));
      if (open > 0) return { sockets: open, state: 'connected', since: at(since), problem: null };
      return { sockets: 0, state: 'connecting', since: at(since), problem: 'Slack does not answer.' };
    },
  };
}

function appSentence(code: string): string {
  return `Slack does not let us connect with SLACK_APP_TOKEN (${code}). Mend the token in Slack, or put a new one in place and restart.`;
}
