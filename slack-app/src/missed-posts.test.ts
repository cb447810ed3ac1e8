import { openSqlite } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import type { Database, Doc } from 'orchestrator/platform/documents';
import { createLogger } from 'orchestrator/platform/log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import type { Delivery } from './inbox.ts';
import { openMissedPosts } from './missed-posts.ts';
import { type SlackMessage, toSlackMessage } from './slack-messages.ts';

const BOT = 'U0BOT';
const HOUR_MS = 60 * 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** All that waits for the store, which answers at once, has its answer. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A store whose next `failures` reads of one document fail. */
async function brittleStore() {
  const database = await openSqlite(':memory:');
  const store = { failures: 0 };
  const collection: Database['collection'] = async (name, indexes) => {
    const documents = await database.collection<Doc & never>(name, indexes);
    return {
      ...documents,
      findOne: async (filter, options) => {
        if (store.failures-- > 0) throw new Error('disk I/O error');
        return documents.findOne(filter, options);
      },
    };
  };
  return { store, database: { ...database, collection } };
}

/**
 * A channel in which a mention is posted within the next hour, and a Slack that fails as told. Slack was heard until
 * now.
 */
async function heard(failures: readonly Error[] = []) {
  const left = [...failures];
  const { store, database } = await brittleStore();
  const found: string[] = [];
  let now = 1_795_000_000_000;
  const mention = toSlackMessage({ ts: '1795003000.000100', text: `<@${BOT}> fix it`, user: 'U0ANA' });
  async function* history(_: string, { after = '' }: { after?: string }): AsyncGenerator<SlackMessage> {
    const failure = left.shift();
    if (failure) throw failure;
    if (mention.ts > after) yield mention;
  }
  async function* none(): AsyncGenerator<never> {}
  async function* channels(): AsyncGenerator<string> {
    yield 'C1';
  }
  const missed = await openMissedPosts({
    database,
    slack: { history, thread: none, channels },
    deckhand: { sessions: async () => ({ items: [], next: null }) },
    inbox: {
      put: async ({ post }: Delivery) => {
        found.push(String(post));
      },
    },
    identity: { teamId: 'T1', botUserId: BOT, botId: 'B1' },
    clock: { now: () => now },
    log: createLogger({ service: 'slack-app', level: 'silent' }),
    shortGapMs: 60_000,
  });
  // Heard for the first time: nothing older is looked for.
  expect(await missed.look()).toBe(0);
  const passes = (ms: number) => {
    now += ms;
    // Timers know nothing of a clock that is set back.
    vi.advanceTimersByTime(Math.max(0, ms));
  };
  return { missed, found, store, passes };
}

/** The same after an hour in which nobody heard Slack. */
async function gap(failures: readonly Error[]) {
  const stage = await heard(failures);
  stage.passes(HOUR_MS);
  return stage;
}

describe('posts that nobody told us of', () => {
  it('are found, and not looked for again afterwards', async () => {
    const { missed, found } = await gap([]);
    expect(await missed.look()).toBe(1);
    expect(found).toEqual(['C1:1795003000.000100']);
    expect(await missed.look()).toBe(0);
    await missed.close();
  });

  it('are looked for again when Slack did not answer the first time', async () => {
    const { missed, found } = await gap([new UpstreamError('slack.unreachable', 'status 500')]);
    expect(await missed.look()).toBe(0);
    expect(await missed.look()).toBe(1);
    expect(found).toEqual(['C1:1795003000.000100']);
    await missed.close();
  });

  it('are looked for a little later when the store could not say how long the gap was', async () => {
    const { missed, found, store, passes } = await gap([]);
    store.failures = 1;
    missed.onConnected();
    await settled();
    passes(30_000);
    await until(() => found.length === 1, 'the mention');
    await missed.close();
  });

  it('are found also after a socket that closed before it was known how long the gap was', async () => {
    const { missed, found, passes } = await heard();
    missed.onConnected();
    missed.onDisconnected();
    await settled();
    passes(HOUR_MS);
    missed.onConnected();
    await until(() => found.length === 1, 'the mention');
    await missed.close();
  });

  it('are found also when the clock was set back, so that nobody knows how long the gap was', async () => {
    const { missed, found, passes } = await heard();
    await missed.look();
    passes(-HOUR_MS);
    missed.onConnected();
    await until(() => found.length === 1, 'the mention');
    await missed.close();
  });

  it('are looked for by itself once Slack has given up to tell of what was not taken', async () => {
    const { missed, found, passes } = await heard();
    missed.onConnected();
    await settled();
    missed.onRefused();
    passes(HOUR_MS);
    await until(() => found.length === 1, 'the mention');
    await missed.close();
  });

  it('are looked for by itself as soon where the clock is set back meanwhile', async () => {
    const { missed, found, passes } = await heard();
    missed.onConnected();
    await settled();
    missed.onRefused();
    passes(-HOUR_MS);
    for (let halfMinutes = 0; halfMinutes < 20; halfMinutes++) passes(30_000);
    await until(() => found.length === 1, 'the mention');
    await missed.close();
  });

  it('are no reason to look for ever into a channel that refuses us', async () => {
    const refused = new UpstreamError('slack.refused', 'not_in_channel');
    const { missed, found } = await gap([refused]);
    expect(await missed.look()).toBe(0);
    expect(await missed.look()).toBe(0);
    await missed.close();
    expect(found).toEqual([]);
  });
});
