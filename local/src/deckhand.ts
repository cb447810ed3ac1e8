import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsoleOptions, createConsole } from 'console/server';
import type { Deckhand, Delivery } from 'orchestrator/client';
import {
  createOrchestrator,
  type ModelVendor,
  type Orchestrator,
  openSqlite,
  vendorOf,
} from 'orchestrator/compose';
import type { Database } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import { createResources, type Resources } from 'orchestrator/platform/shutdown';
import { createLocalProvider, createOpenCode } from 'sandboxes';
import { type RunningSlackApp, startSlackApp } from 'slack-app';
import type { Config } from './config.ts';
import { createLocalCodeHost } from './git-host/code-host.ts';
import { seedRepository } from './git-host/seed.ts';
import { createGitHost, type GitHost } from './git-host/server.ts';
import { createDemoModel } from './model/server.ts';
import { createLocalSlack, type LocalSlack } from './slack/server.ts';

/** The whole product in one process. */
export type RunningDeckhand = {
  readonly deckhand: Deckhand;
  readonly gitHost: GitHost;
  /** null with the real Slack. */
  readonly workspace: LocalSlack | null;
  readonly console: { readonly url: string; signInLink(): string };
  /** Whether Slack answers. */
  isSlackConnected(): boolean;
  /** The model's name as people read it. */
  readonly model: string;
  close(): Promise<void>;
};

const DEMO_REPOSITORY = {
  owner: 'acme',
  name: 'shop',
  sourceDir: fileURLToPath(new URL('../demo-repository', import.meta.url)),
};
const PAGE_DIR = fileURLToPath(new URL('../build/slack-page', import.meta.url));
const DEMO_NOTICE = 'The model here is a scripted demo: it plays written scenes. Everything else is real.';

export type StartDeps = { readonly logger: Logger; readonly onProgress?: (step: string) => void };

/** Starts every part, in the order in which they need each other; when one fails, those before it are closed again. */
export async function startDeckhand(config: Config, deps: StartDeps): Promise<RunningDeckhand> {
  const resources = createResources(deps.logger);
  try {
    return await assemble(config, deps, resources);
  } catch (error) {
    await resources.close();
    throw error;
  }
}

type Assembly = {
  readonly config: Config;
  readonly logger: Logger;
  readonly resources: Resources;
  readonly progress: (step: string) => void;
};

async function assemble(config: Config, deps: StartDeps, resources: Resources): Promise<RunningDeckhand> {
  const assembly = { config, resources, logger: deps.logger, progress: deps.onProgress ?? (() => undefined) };
  let consoleUrl = '';
  const sessionUrl = (sessionId: string) => `${consoleUrl}/sessions/${sessionId}`;
  const core = await startCore(assembly, sessionUrl);
  const workspace = config.slack ? null : await startWorkspace(assembly);
  // The Slack app comes after the console, whose pages its messages point to.
  const delivery = Promise.withResolvers<Delivery>();
  const console = await createConsole({
    deckhand: core.orchestrator.deckhand,
    delivery: delivery.promise,
    log: deps.logger,
    port: config.ports.console,
    dataSecret: core.secret,
    demoModel: config.model === null,
    localSlack: workspace !== null,
    links: linksTo(workspace, core.gitHost),
  });
  resources.add('console', () => console.close());
  consoleUrl = console.url;
  const slackApp = await connectSlack(assembly, { core, workspace, sessionUrl });
  delivery.resolve(slackApp.delivery);
  await core.orchestrator.start();
  const { orchestrator, gitHost, vendor } = core;
  return {
    deckhand: orchestrator.deckhand,
    gitHost,
    workspace,
    console,
    isSlackConnected: () => slackApp.health().sockets > 0,
    model: vendor.label,
    close: () => resources.close(),
  };
}

type Core = {
  readonly database: Database;
  readonly secret: string;
  readonly gitHost: GitHost;
  readonly vendor: ModelVendor;
  readonly orchestrator: Orchestrator;
};

/** Everything but the surfaces. */
async function startCore(assembly: Assembly, sessionUrl: (sessionId: string) => string): Promise<Core> {
  const { config, logger, resources, progress } = assembly;
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // First, because it tells whether another Deckhand works in this folder already.
  const provider = await createLocalProvider({
    root: join(dataDir, 'sandboxes'),
    log: (fields, message) => logger.info(fields, message),
  });
  resources.add('sandboxes', () => provider.close());
  const database = await openSqlite(join(dataDir, 'deckhand.sqlite'));
  resources.add('database', () => database.close());
  const secret = await keptSecret(join(dataDir, 'secret'));

  progress('git host');
  const gitHost = await createGitHost({
    dataDir: join(dataDir, 'git-host'),
    port: config.ports.gitHost,
    onError: (err) => logger.error({ err }, 'git host broke'),
  });
  resources.add('git host', () => gitHost.close());
  await seedRepository(gitHost, DEMO_REPOSITORY);

  progress('orchestrator');
  const vendor = await startModel(config, resources);
  const tokens = config.slack ? [config.slack.botToken, config.slack.appToken] : [];
  const orchestrator = await createOrchestrator({
    database,
    dataDir,
    provider,
    runtime: createOpenCode({ log: (fields, message) => logger.debug(fields, message) }),
    codeHost: createLocalCodeHost(gitHost),
    vendor,
    secret,
    secrets: [secret, gitHost.token, ...tokens],
    limits: config.limits,
    sessionUrl,
    logger,
  });
  resources.add('orchestrator', () => orchestrator.close());
  return { database, secret, gitHost, vendor, orchestrator };
}

async function connectSlack(
  assembly: Assembly,
  parts: {
    readonly core: Core;
    readonly workspace: LocalSlack | null;
    readonly sessionUrl: (sessionId: string) => string;
  },
): Promise<RunningSlackApp> {
  const { config, logger, resources, progress } = assembly;
  progress('slack-app');
  const slack = config.slack ?? parts.workspace;
  if (!slack) throw new Error('there is neither a Slack nor a local workspace');
  const { botToken, appToken, apiUrl } = slack;
  const slackApp = await startSlackApp({
    deckhand: parts.core.orchestrator.deckhand,
    database: parts.core.database,
    botToken,
    appToken,
    ...(apiUrl && { slackApiUrl: apiUrl }),
    log: logger,
    links: { session: parts.sessionUrl },
    modelLabel: config.model ? null : parts.core.vendor.label,
  });
  resources.add('slack-app', () => slackApp.close());
  return slackApp;
}

async function startModel(config: Config, resources: Resources): Promise<ModelVendor> {
  if (config.model) return vendorOf(config.model);
  const demo = await createDemoModel({ port: 0, pace: config.demoPace });
  resources.add('demo model', () => demo.close());
  return {
    name: 'demo/scripted',
    api: 'openai-compatible',
    modelId: 'scripted',
    label: 'scripted demo model',
    baseUrl: demo.url,
    key: demo.apiKey,
    cost: { input: 0, output: 0, cacheRead: 0 },
    limit: { context: 128_000, output: 8192 },
  };
}

async function startWorkspace({ config, resources, progress }: Assembly): Promise<LocalSlack> {
  progress('workspace');
  const workspace = await createLocalSlack({
    dataDir: join(config.dataDir, 'workspace'),
    port: config.ports.workspace,
    pageDir: PAGE_DIR,
  });
  resources.add('workspace', () => workspace.close());
  workspace.setNotice(config.model ? null : DEMO_NOTICE);
  return workspace;
}

function linksTo(workspace: LocalSlack | null, gitHost: GitHost): ConsoleOptions['links'] {
  if (!workspace) {
    return {
      slackThread: ({ team, channel, threadTs }) =>
        `https://app.slack.com/client/${team}/${channel}/thread/${channel}-${threadTs}`,
      codeHost: gitHost.url,
    };
  }
  const slack = workspace.url.replace(/\/$/, '');
  return {
    slack,
    slackThread: ({ channel, threadTs }) => `${slack}/#/${channel}/${threadTs}`,
    codeHost: gitHost.url,
  };
}

/** 32 random bytes that stay the same for this data folder. */
async function keptSecret(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.length === 64) return kept;
  const secret = randomBytes(32).toString('hex');
  await writeFile(path, secret, { mode: 0o600 });
  return secret;
}
