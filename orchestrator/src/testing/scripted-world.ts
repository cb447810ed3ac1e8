import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type AgentRuntime, createLocalProvider, type SandboxProvider } from 'sandboxes';
import {
  type createHold,
  createScriptedAgent,
  type SceneCue,
  type SceneStep,
} from 'sandboxes/testing/scripted-agent';
import { afterEach, beforeEach } from 'vitest';
import { type Actor, type Entry, isRefused, type SessionId } from '../domain/index.ts';
import { gitOrFail } from '../integrations/git-command.ts';
import { createOrchestrator, type Orchestrator, openSqlite } from '../main.ts';
import type { Database } from '../platform/documents.ts';
import type { CodeHost, PullRequestInfo } from '../ports.ts';

export const ana: Actor = { kind: 'member', id: 'U1', name: 'Ana' };
const logger = pino({ level: 'silent' });

export let dir: string;
let database: Database;
export let provider: SandboxProvider;
let open: Orchestrator[];

/**
 * An orchestrator as it is (SQLite, git, local sandboxes) with an agent that plays scenes, fresh for every test of the
 * file that calls this.
 */
export function useScriptedWorld(): void {
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'orchestrator-'));
    database = await openSqlite(join(dir, 'db.sqlite'));
    provider = await createLocalProvider({ root: join(dir, 'sandboxes') });
    open = [];
    await makeOrigin();
  });
  afterEach(async () => {
    for (const orchestrator of open) await orchestrator.close();
    await provider.close();
    await database.close();
    // Newer versions of git tidy up in the background after a push.
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });
}

async function makeOrigin(): Promise<void> {
  const origin = join(dir, 'origin.git');
  const seed = join(dir, 'seed');
  await gitOrFail('local', ['init', '--quiet', '--bare', '-b', 'main', origin]);
  await gitOrFail('local', ['clone', '--quiet', origin, seed]);
  await writeFile(
    join(seed, 'package.json'),
    JSON.stringify({ scripts: { test: 'node -e "console.log(1)"' } }),
  );
  await gitOrFail('local', ['-C', seed, 'add', '--all']);
  await gitOrFail('local', [
    '-C',
    seed,
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@b.test',
    'commit',
    '--quiet',
    '-m',
    'first',
  ]);
  await gitOrFail('local', ['-C', seed, 'push', '--quiet', 'origin', 'HEAD:main']);
}

/** Makes this command the repository's check. */
export async function setCheck(command: string): Promise<void> {
  const seed = join(dir, 'seed');
  await writeFile(join(seed, 'package.json'), JSON.stringify({ scripts: { test: command } }));
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.test'];
  await gitOrFail('local', ['-C', seed, ...identity, 'commit', '--quiet', '-am', 'check']);
  await gitOrFail('local', ['-C', seed, 'push', '--quiet', 'origin', 'HEAD:main']);
}

type Host = CodeHost & {
  readonly opened: PullRequestInfo[];
  failOpening: Error | null;
  /** Says that a pull request has changed, as the code host does. */
  tell: (pullRequest: PullRequestInfo) => void;
};

export function createHost(): Host {
  const repository = {
    name: 'acme/shop',
    defaultBranch: 'main',
    description: '',
    url: 'http://host/acme/shop',
  };
  const host: Host = {
    kind: 'test',
    opened: [],
    failOpening: null,
    tell: () => undefined,
    repositories: async () => [repository],
    repository: async () => repository,
    remote: async () => ({ url: join(dir, 'origin.git'), authorization: 'Basic x' }),
    openPullRequest: async (input) => {
      if (host.failOpening) throw host.failOpening;
      const info: PullRequestInfo = { ...input, number: 1, url: 'http://host/1', state: 'open', headSha: '' };
      host.opened.push(info);
      return info;
    },
    pullRequest: async () => null,
    followPullRequests: (listener) => {
      host.tell = (pullRequest) => void listener(pullRequest);
    },
  };
  return host;
}

type Scene = (cue: SceneCue) => readonly SceneStep[];
type Limits = {
  readonly runTimeoutMs?: number;
  readonly questionTimeoutMs?: number;
  readonly silenceMs?: number;
};

export async function start(
  scene: Scene,
  options: {
    readonly host?: Host;
    readonly limits?: Limits;
    readonly provider?: SandboxProvider;
    readonly concurrency?: number;
    /** Puts something between the orchestrator and the scripted agent. */
    readonly around?: (runtime: AgentRuntime) => AgentRuntime;
  } = {},
) {
  const runtime = createScriptedAgent(scene);
  const orchestrator = await createOrchestrator({
    database,
    dataDir: dir,
    provider: options.provider ?? provider,
    runtime: options.around?.(runtime) ?? runtime,
    codeHost: options.host ?? createHost(),
    vendor: {
      name: 'test/one',
      api: 'openai-compatible',
      modelId: 'one',
      label: 'one',
      baseUrl: 'http://127.0.0.1:9',
      key: 'sk-a-real-key',
      cost: { input: 0, output: 0, cacheRead: 0 },
      limit: { context: 1000, output: 100 },
    },
    secret: 'x'.repeat(64),
    secrets: [],
    limits: { runTimeoutMs: 60_000, questionTimeoutMs: 60_000, ...options.limits },
    sessionUrl: (sessionId) => `http://console/${sessionId}`,
    logger,
    ...(options.concurrency && { concurrentSessions: options.concurrency }),
  });
  await orchestrator.start();
  open.push(orchestrator);
  return { ...orchestrator, runtime };
}

export async function ask({ deckhand }: Orchestrator, text: string, key = 'thread-1'): Promise<SessionId> {
  const opened = await deckhand.openSession(
    { sessionKey: key, key, trigger: { kind: 'console' }, text },
    ana,
  );
  if (isRefused(opened)) throw new Error(opened.refused);
  return opened.sessionId;
}

/** Waits for the n-th event of a type. */
export async function seen(
  { deckhand }: Orchestrator,
  sessionId: SessionId,
  type: Entry['event']['type'],
  times = 1,
): Promise<Entry['event']> {
  let left = times;
  for await (const item of deckhand.follow(sessionId, { afterSeq: 0, signal: AbortSignal.timeout(20_000) })) {
    if (item.kind === 'entry' && item.entry.event.type === type && --left === 0) return item.entry.event;
  }
  throw new Error(`${type} did not happen ${times} time(s)`);
}

export function untilReleased(hold: ReturnType<typeof createHold>): Promise<never> {
  return hold.reached.then(() => new Promise<never>(() => undefined));
}

export function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal?.reason);
    if (signal?.aborted) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
}
