import { openSqlite } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { createLogger } from 'orchestrator/platform/log';
import { describe, expect, it } from 'vitest';
import type { Delivery } from './inbox.ts';
import { openMissedPosts } from './missed-posts.ts';
import { type SlackMessage, toSlackMessage } from './slack-messages.ts';

const BOT = 'U0BOT';
const HOUR_MS = 60 * 60_000;

/** A channel with one mention, posted after nobody had heard Slack for an hour, and a Slack that fails as told. */
async function gap(failures: readonly Error[]) {
  const left = [...failures];
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
    database: await openSqlite(':memory:'),
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
  now += HOUR_MS;
  return { missed, found };
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

  it('are no reason to look for ever into a channel that refuses us', async () => {
    const refused = new UpstreamError('slack.refused', 'not_in_channel');
    const { missed, found } = await gap([refused]);
    expect(await missed.look()).toBe(0);
    expect(await missed.look()).toBe(0);
    await missed.close();
    expect(found).toEqual([]);
  });
});
