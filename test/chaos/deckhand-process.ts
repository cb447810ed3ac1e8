import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOrchestrator, type ModelVendor, openSqlite } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { createLogger } from 'orchestrator/platform/log';
import { createResources } from 'orchestrator/platform/shutdown';
import { createLocalProvider } from 'sandboxes';
import { startSlackApp } from 'slack-app';
import { armFaults } from './fault-points.ts';
import { createFileCodeHost } from './file-code-host.ts';
import { createLightAgent } from './light-agent.ts';
import { type Notice, settingsSchema, TRY_AGAIN } from './settings.ts';

/**
 * Deckhand as one process over real files, a real git and a real Bolt, with a light agent and armed fault points.
 * Its log goes to standard output, with notices for the harness in between. It ends with its standard input, so that
 * nothing is left when the harness is killed.
 */
const VENDOR: ModelVendor = {
  name: 'light/agent',
  api: 'openai-compatible',
  modelId: 'light',
  label: 'light agent',
  baseUrl: 'http://127.0.0.1:9',
  key: 'no-key',
  cost: { input: 0, output: 0, cacheRead: 0 },
  limit: { context: 1000, output: 100 },
};
/** Of a run and of a question, in milliseconds: a question may wait long for its turn when many are asked at once. */
const LIMIT_MS = 10 * 60_000;
/** How often the memory in use is told, in milliseconds. */
const MEMORY_EVERY_MS = 500;

function tell(notice: Notice): void {
  process.stdout.write(`${JSON.stringify(notice)}\n`);
}

async function main(): Promise<void> {
  process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();
  const settings = settingsSchema.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
  const { dataDir, slack } = settings;
  const logger = createLogger({ service: 'deckhand', level: 'debug' });
  const resources = createResources(logger);
  process.once('SIGTERM', () => void resources.close().then(() => process.exit(0)));
  const faults = armFaults(settings.faults, tell);
  await mkdir(dataDir, { recursive: true });
  const provider = await createLocalProvider({
    root: settings.sandboxesDir ?? join(dataDir, 'sandboxes'),
  });
  resources.add('sandboxes', () => provider.close());
  const database = await openSqlite(join(dataDir, 'deckhand.sqlite'));
  resources.add('database', () => database.close());
  const sessionUrl = (sessionId: string) => `http://console.invalid/sessions/${sessionId}`;
  const orchestrator = await createOrchestrator({
    database,
    dataDir,
    provider,
    runtime: createLightAgent(),
    codeHost: createFileCodeHost(settings.originDir),
    vendor: VENDOR,
    secret: 'x'.repeat(64),
    secrets: [slack.botToken, slack.appToken],
    limits: { runTimeoutMs: LIMIT_MS, questionTimeoutMs: LIMIT_MS },
    ...(settings.concurrentSessions && { concurrentSessions: settings.concurrentSessions }),
    sessionUrl,
    logger,
    faults,
  });
  resources.add('orchestrator', () => orchestrator.close());
  const slackApp = await startSlackApp({
    deckhand: orchestrator.deckhand,
    database,
    botToken: slack.botToken,
    appToken: slack.appToken,
    slackApiUrl: slack.apiUrl,
    log: logger,
    links: { session: sessionUrl },
    modelLabel: 'light agent',
    ...(settings.cardIntervalMs !== undefined && { cardIntervalMs: settings.cardIntervalMs }),
    ...(settings.timing && { timing: settings.timing }),
    faults,
  });
  resources.add('slack-app', () => slackApp.close());
  process.on('SIGUSR2', () => {
    slackApp.delivery.rebuildAll().catch((err: unknown) => logger.error({ err }, 'threads were not rebuilt'));
  });
  await orchestrator.start();
  setInterval(() => tell({ chaos: 'memory', rss: process.memoryUsage.rss() }), MEMORY_EVERY_MS).unref();
  tell({ chaos: 'ready' });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(error instanceof UpstreamError && error.retryable ? TRY_AGAIN : 1);
}
