import type { SessionId } from '../domain/index.ts';
import type { Feed, FeedMessage } from '../ports.ts';

type Subscription = { readonly listener: (message: FeedMessage) => void };

/**
 * A feed in this process. Listeners are called at once: those of everything, then those of the session. One that throws
 * is heard of by `onError` and keeps nobody else from hearing the message.
 */
export function createFeed(options: { readonly onError?: (error: unknown) => void } = {}): Feed {
  const everything = new Set<Subscription>();
  const bySession = new Map<SessionId, Set<Subscription>>();

  function tell(subscriptions: Set<Subscription>, message: FeedMessage): void {
    // A copy: who subscribes while a message goes round gets the next one.
    for (const subscription of [...subscriptions]) {
      if (!subscriptions.has(subscription)) continue;
      try {
        subscription.listener(message);
      } catch (error) {
        options.onError?.(error);
      }
    }
  }

  return {
    publish(message) {
      tell(everything, message);
      const some = bySession.get(message.sessionId);
      if (some) tell(some, message);
    },
    subscribe(listener, sessionId) {
      const subscription = { listener };
      if (!sessionId) {
        everything.add(subscription);
        return () => void everything.delete(subscription);
      }
      const some = bySession.get(sessionId) ?? new Set();
      bySession.set(sessionId, some.add(subscription));
      return () => {
        some.delete(subscription);
        // A later subscriber may have begun another set since: only ours goes.
        if (some.size === 0 && bySession.get(sessionId) === some) bySession.delete(sessionId);
      };
    },
  };
}
