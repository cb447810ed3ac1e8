import type { PullRequest, PullRequestStore, StoredEvent } from './pull-request-store.ts';

/** What happened to pull requests, kept and told: a follower that was away reads on from the last id it saw. */
export interface EventFeed {
  publish(type: string, pullRequest: PullRequest): void;
  /** All events after an id and then each new one, until the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<StoredEvent, void, void>;
  lastId(): number;
}

const pageSize = 200;

export function createEventFeed(input: {
  store: PullRequestStore;
  /** How a pull request is written into an event. */
  describe: (pullRequest: PullRequest) => unknown;
}): EventFeed {
  const { store, describe } = input;
  const waiting = new Set<() => void>();
  const nextEvent = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  return {
    lastId: () => store.lastEventId(),
    publish(type, pullRequest) {
      store.addEvent(type, JSON.stringify(describe(pullRequest)));
      for (const wake of [...waiting]) wake();
    },
    async *follow(after, signal) {
      let last = after;
      while (!signal.aborted) {
        const events = store.eventsAfter(last, pageSize);
        for (const event of events) {
          yield event;
          last = event.id;
        }
        // Nothing can be published between the read and this line: both run without giving way.
        if (events.length === 0) await nextEvent(signal);
      }
    },
  };
}
