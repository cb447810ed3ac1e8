import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from '../server.ts';

export const ANA = 'U0ANALIMA0';
export const BO = 'U0BOCHEN00';
export const CHIDI = 'U0CHIDI000';
export const ENGINEERING = 'C0ENGINEER';
export const GENERAL = 'C0GENERAL0';
export const ALERTS = 'C0ALERTS00';

/** How long a test waits for what should happen, in milliseconds: far more than it takes on a slow machine. */
const PATIENCE_MS = 10_000;

/** An app that may do all that the workspace knows; the product's own manifest asks for less. */
const MANIFEST = {
  display_information: { name: 'Test app' },
  features: {
    slash_commands: [{ command: '/deckhand', description: 'Works' }],
    shortcuts: [{ type: 'global', name: 'New session', callback_id: 'run_new' }],
  },
  oauth_config: {
    scopes: {
      bot: [
        'channels:history',
        'channels:join',
        'channels:read',
        'chat:write',
        'files:read',
        'files:write',
        'im:write',
        'reactions:read',
        'reactions:write',
        'users:read',
        'users:read.email',
      ],
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened',
        'app_mention',
        'channel_archive',
        'channel_left',
        'channel_rename',
        'channel_unarchive',
        'group_archive',
        'group_left',
        'group_rename',
        'group_unarchive',
        'member_joined_channel',
        'member_left_channel',
        'message.channels',
        'message.groups',
        'message.im',
        'reaction_added',
      ],
    },
  },
};

export type Rig = {
  readonly slack: LocalSlack;
  /** The real Web API client, without retries, so that a test sees each answer. */
  readonly web: WebClient;
};

/** A folder that goes when the test is over. */
export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'local-slack-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A workspace of its own for one test. */
export async function startWorkspace(options: Partial<LocalSlackOptions> = {}): Promise<Rig> {
  const dataDir = options.dataDir ?? (await temporaryDir());
  const slack = await createLocalSlack({ port: 0, manifest: MANIFEST, ...options, dataDir });
  onTestFinished(() => slack.close());
  return { slack, web: webClient(slack, slack.botToken) };
}

export function webClient(slack: LocalSlack, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

/** The workspace closes while the app still reconnects; nothing of that is a failure of the test. */
const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

export type HeardEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events that come to the real Socket Mode client, each acknowledged; grows as they come. */
export async function hearEvents(slack: LocalSlack): Promise<readonly HeardEvent[]> {
  const heard: HeardEvent[] = [];
  const client = new SocketModeClient({
    appToken: slack.appToken,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  client.on('slack_event', async ({ ack, body }) => {
    heard.push(body.event);
    await ack();
  });
  await client.start();
  onTestFinished(() => client.disconnect());
  return heard;
}

/** The real Bolt, not started yet: a test adds its listeners first. */
export function boltApp(slack: LocalSlack): App {
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** Waits until `probe` gives something, and returns it. Rejects with its name when it does not come. */
export async function until<T>(what: string, probe: () => T | null | undefined | false): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = probe();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
