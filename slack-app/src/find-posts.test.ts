import type { SessionSummary } from 'orchestrator/client';
import { createLogger } from 'orchestrator/platform/log';
import { expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { findPosts } from './find-posts.ts';
import { type SlackMessage, toSlackMessage } from './slack-messages.ts';

const BOT = 'U0BOT';
const message = (ts: string, text: string) => toSlackMessage({ ts, text, user: 'U0ANA' });

it('finds a mention in a channel before the threads of all open sessions are read', async () => {
  const found: string[] = [];
  const read = Promise.withResolvers<void>();
  async function* thread(): AsyncGenerator<SlackMessage> {
    await read.promise;
    yield message('1795003001.000100', 'and the other one');
  }
  async function* history(): AsyncGenerator<SlackMessage> {
    yield message('1795003000.000100', `<@${BOT}> fix it`);
  }
  async function* channels(): AsyncGenerator<string> {
    yield 'C1';
  }
  const open = { status: 'idle', thread: { team: 'T1', channel: 'C2', threadTs: '1795000000.000100' } };
  const looking = findPosts(
    {
      slack: { thread, history, channels },
      // What a look goes by, and nothing else of a session.
      deckhand: { sessions: async () => ({ items: [open as SessionSummary], next: null }) },
      inbox: {
        put: async ({ post }) => {
          found.push(String(post));
        },
      },
      identity: { teamId: 'T1', botUserId: BOT, botId: 'B1' },
      log: createLogger({ service: 'slack-app', level: 'silent' }),
    },
    1_795_002_000_000,
  );
  await until(() => found.length === 1, 'the mention');
  expect(found).toEqual(['C1:1795003000.000100']);
  read.resolve();
  expect(await looking).toEqual({ count: 2, isComplete: true });
  expect(found).toEqual(['C1:1795003000.000100', 'C2:1795003001.000100']);
});
