import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLogger } from 'orchestrator/platform/log';
import type { Message } from '../../local/src/slack/page-api.ts';
import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from '../../local/src/slack/server.ts';
import { openSqlite } from '../../orchestrator/src/store/sqlite.ts';
import { until } from '../../orchestrator/src/testing/until.ts';
import { type RunningSlackApp, type SlackAppOptions, startSlackApp } from '../../slack-app/src/main.ts';
import { createFakeDeckhand, type FakeDeckhand } from '../../slack-app/src/testing/fake-deckhand.ts';

export const ANA = 'U0ANALIMA0';
export const BO = 'U0BOCHEN00';
export const ENGINEERING = 'C0ENGINEER';
export const BOT = 'U0DECKHAND';

/** The real Slack app over real sockets, against the local workspace and a Deckhand in memory. */
export type Bench = {
  readonly slack: LocalSlack;
  readonly deckhand: FakeDeckhand;
  /** Starts the app, again after `stop`. */
  start(options?: Partial<SlackAppOptions>): Promise<RunningSlackApp>;
  stop(): Promise<void>;
  say(text: string, options?: { as?: string; threadTs?: string; channel?: string }): string;
  /** Loses what is written down of threads: all, as when only the logs were restored, or a part. The app has to be stopped. */
  lose(...parts: readonly ('slack_slots' | 'slack_threads' | 'slack_leases')[]): void;
  thread(threadTs: string, options?: { as?: string; channel?: string }): readonly Message[];
  /** Our messages in a thread whose content holds a text, once there is one. */
  shown(threadTs: string, text: string): Promise<Message>;
  close(): Promise<void>;
};

export async function createBench(
  options: Parameters<typeof createFakeDeckhand>[0] = {},
  queue: LocalSlackOptions['queue'] = {},
): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'deckhand-slack-app-'));
  const slack = await createLocalSlack({
    dataDir: join(dir, 'slack'),
    port: 0,
    queue: { retryDelaysMs: [200, 400, 800], ...queue },
  });
  const database = await openSqlite(join(dir, 'app.sqlite'));
  const deckhand = createFakeDeckhand(options);
  const log = createLogger({ service: 'slack-app', level: 'silent' });
  let app: RunningSlackApp | null = null;

  const thread: Bench['thread'] = (threadTs, { as = ANA, channel = ENGINEERING } = {}) =>
    slack.people.messages({ as, channel, thread_ts: threadTs, limit: 200 }).messages;

  return {
    slack,
    deckhand,
    start: async (overrides = {}) => {
      const { botToken, appToken, apiUrl: slackApiUrl } = slack;
      app = await startSlackApp({
        deckhand,
        database,
        botToken,
        appToken,
        slackApiUrl,
        log,
        links: { session: (id) => `http://127.0.0.1:4000/sessions/${id}` },
        modelLabel: 'scripted demo model',
        cardIntervalMs: 50,
        ...overrides,
        timing: { spareAfterMs: 0, ...overrides.timing },
      });
      return app;
    },
    stop: async () => {
      await app?.close();
      app = null;
    },
    say: (text, { as = ANA, threadTs, channel = ENGINEERING } = {}) =>
      slack.people.post({ as, channel, text, ...(threadTs && { threadTs }) }).ts,
    lose: (...parts) => {
      const tables = new DatabaseSync(join(dir, 'app.sqlite'));
      for (const name of parts) tables.exec(`DELETE FROM ${name}`);
      tables.close();
    },
    thread,
    shown: async (threadTs, text) => {
      let found: Message | undefined;
      await until(
        () => {
          found = ours(thread(threadTs)).find((message) => contentOf(message).includes(text));
          return found !== undefined;
        },
        `a message with "${text}"; there was ${thread(threadTs).map(contentOf).join('\n')}`,
      );
      if (!found) throw new Error('unreachable');
      return found;
    },
    close: async () => {
      await app?.close();
      await slack.close();
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function ours(messages: readonly Message[]): readonly Message[] {
  return messages.filter((message) => message.user === BOT && message.ephemeralFor === undefined);
}

export function contentOf(message: Message): string {
  return `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
}

/** The button with this label on a message, as a press of it. */
export function buttonOf(message: Message, label: string) {
  for (const block of message.blocks ?? []) {
    if (block.type !== 'actions') continue;
    // Blocks that Slack has and its typings do not name share the base type.
    if (!('elements' in block)) continue;
    for (const element of block.elements) {
      if (element.type !== 'button' || element.text.text !== label) continue;
      return { ...element, block_id: block.block_id ?? '', action_id: element.action_id ?? '' };
    }
  }
  throw new Error(`no button ${label} on ${contentOf(message)}`);
}
