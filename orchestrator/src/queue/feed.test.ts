import { describe, expect, it } from 'vitest';
import { describeFeedContract } from '../testing/feed-contract.ts';
import { createFeed } from './feed.ts';

describeFeedContract('in process', async () => ({ feed: createFeed(), close: async () => {} }));

describe('the feed in process', () => {
  it('says what a listener threw', () => {
    const thrown: unknown[] = [];
    const feed = createFeed({ onError: (error) => thrown.push(error) });
    const broken = new Error('broken listener');
    feed.subscribe(() => {
      throw broken;
    });
    feed.publish({ kind: 'advanced', sessionId: 'ses_A', seq: 1 });
    expect(thrown).toEqual([broken]);
  });
});
