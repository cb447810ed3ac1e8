import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Feed, FeedMessage } from '../ports.ts';
import { until } from './until.ts';

export type FeedUnderTest = { readonly feed: Feed; close(): Promise<void> };

const advanced = (sessionId: FeedMessage['sessionId'], seq: number): FeedMessage => ({
  kind: 'advanced',
  sessionId,
  seq,
});

/** What every feed does. `makeFeed` gives a new one each time. */
export function describeFeedContract(name: string, makeFeed: () => Promise<FeedUnderTest>): void {
  describe(`the feed ${name}`, () => {
    let given: FeedUnderTest;
    beforeEach(async () => {
      given = await makeFeed();
    });
    afterEach(() => given.close());

    it('brings every message to who listens to everything, in order', async () => {
      const heard: FeedMessage[] = [];
      given.feed.subscribe((message) => heard.push(message));
      const messages: readonly FeedMessage[] = [
        advanced('ses_A', 1),
        { kind: 'live', sessionId: 'ses_B', live: { kind: 'text', runId: 'run_1', id: 'p1', delta: 'Hi' } },
        advanced('ses_A', 2),
      ];
      for (const message of messages) given.feed.publish(message);
      await until(() => heard.length === 3, 'all messages came');
      expect(heard).toEqual(messages);
    });

    it('brings who listens to a session that session only', async () => {
      const heard: FeedMessage[] = [];
      given.feed.subscribe((message) => heard.push(message), 'ses_A');
      for (const message of [advanced('ses_B', 1), advanced('ses_A', 1), advanced('ses_A', 2)])
        given.feed.publish(message);
      await until(() => heard.length === 2, 'the session came');
      expect(heard).toEqual([advanced('ses_A', 1), advanced('ses_A', 2)]);
    });

    it('brings nothing after a subscription has ended, and others still', async () => {
      const heard: string[] = [];
      const endFirst = given.feed.subscribe(() => heard.push('first'), 'ses_A');
      given.feed.subscribe(() => heard.push('second'), 'ses_A');
      endFirst();
      endFirst();
      given.feed.publish(advanced('ses_A', 1));
      await until(() => heard.length === 1, 'the message came');
      expect(heard).toEqual(['second']);
    });

    it('brings a message to all others when a listener throws', async () => {
      const heard: string[] = [];
      given.feed.subscribe(() => {
        throw new Error('broken listener');
      });
      given.feed.subscribe(() => heard.push('everything'));
      given.feed.subscribe(() => heard.push('session'), 'ses_A');
      given.feed.publish(advanced('ses_A', 1));
      await until(() => heard.length === 2, 'both heard');
      expect(heard.toSorted()).toEqual(['everything', 'session']);
    });

    it('takes one listener twice as two subscriptions', async () => {
      const heard: FeedMessage[] = [];
      const listener = (message: FeedMessage) => void heard.push(message);
      const endOne = given.feed.subscribe(listener, 'ses_A');
      given.feed.subscribe(listener, 'ses_A');
      given.feed.publish(advanced('ses_A', 1));
      await until(() => heard.length === 2, 'both heard');
      endOne();
      given.feed.publish(advanced('ses_A', 2));
      await until(() => heard.length === 3, 'one heard');
    });
  });
}
