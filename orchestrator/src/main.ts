import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentRuntime, SandboxProvider } from 'sandboxes';
import type { Deckhand } from './client/client.ts';
import { createClient } from './client/create-client.ts';
import type { SessionId } from './domain/index.ts';
import { discard } from './engine/discard.ts';
import { createEngine } from './engine/engine.ts';
import { followPullRequests } from './engine/follow-pull-requests.ts';
import { publish } from './engine/publish.ts';
import { catchUpAll, endLostRuns, recover } from './engine/recover.ts';
import { type RunDeps, runTurn } from './engine/run-turn.ts';
import type { Running } from './engine/running.ts';
import { endLostRun } from './engine/stop-run.ts';
import { createModelGateway, type ModelVendor } from './gateway/model.ts';
import { createMirror } from './integrations/mirror.ts';
import { systemClock } from './platform/clock.ts';
import type { Database } from './platform/documents.ts';
import { type FaultPoints, noFaults } from './platform/fault-points.ts';
import { ids } from './platform/ids.ts';
import type { Logger } from './platform/log.ts';
import { createResources } from './platform/shutdown.ts';
import type { CodeHost } from './ports.ts';
import { createBell } from './queue/bell.ts';
import { createFeed } from './queue/feed.ts';
import { createWorker } from './queue/worker.ts';
import { createArtifactStore } from './store/artifacts.ts';
import { createCheckpoints } from './store/checkpoints.ts';
import { createEventLog } from './store/event-log.ts';
import { createSessionList } from './store/sessions.ts';

export type { ModelVendor } from './gateway/model.ts';
export { type VendorSettings, vendorOf } from './gateway/vendors.ts';
export type { FaultPoints } from './platform/fault-points.ts';
export type { CodeHost, PullRequestInfo, RepositoryInfo } from './ports.ts';
export { openSqlite } from './store/sqlite.ts';
export { storeProblemOf } from './store/sqlite-connection.ts';

export type OrchestratorOptions = {
  readonly database: Database;
  /** For artifacts, mirrors and transfers. */
  readonly dataDir: string;
  readonly provider: SandboxProvider;
  readonly runtime: AgentRuntime;
  readonly codeHost: CodeHost;
  readonly vendor: ModelVendor;
  /** Signs what sandboxes carry; at least 32 random bytes, the same after a restart. */
  readonly secret: string;
  /** Cut out of everything that is recorded. */
  readonly secrets: readonly string[];
  readonly limits: RunDeps['limits'];
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly logger: Logger;
  /** Sessions that this process works on at once. Each runs an agent of some 400 MB; the others wait their turn. */
  readonly concurrentSessions?: number;
  /** Where a fault harness may step in; nothing happens there when it is not given. */
  readonly faults?: FaultPoints;
};

export type Orchestrator = {
  readonly deckhand: Deckhand;
  /** Takes up what an earlier process left, and begins to work. */
  start(): Promise<void>;
  /** Stops taking work and leaves what runs to the next start. */
  close(): Promise<void>;
};

/** Where nothing else is said: what fits beside other work into a machine of 8 GB. */
const CONCURRENT_SESSIONS = 8;

/** How often sessions that a lost ring left behind are looked for, in milliseconds. */
const SWEEP_MS = 60_000;

/** What outlives the process, over one database. */
async function openStores(database: Database, dataDir: string) {
  return {
    log: await createEventLog(database),
    sessions: await createSessionList(database),
    checkpoints: await createCheckpoints(database),
    artifacts: await createArtifactStore(database, join(dataDir, 'artifacts')),
  };
}

/** Builds the orchestrator from its parts. The only place that knows them all. */
export async function createOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { codeHost, logger, vendor, limits } = options;
  const clock = systemClock;
  const faults = options.faults ?? noFaults;
  const resources = createResources(logger);
  const stores = await openStores(options.database, options.dataDir);
  const onError = (err: unknown, sessionId?: SessionId) =>
    logger.error({ err, sessionId }, 'work on a session broke');
  const feed = createFeed({ onError });
  const concurrency = options.concurrentSessions ?? CONCURRENT_SESSIONS;
  const bell = createBell({ clock, onError, concurrency });
  const engine = createEngine({ ...stores, feed, faults });
  const model = await createModelGateway({ vendor, secret: options.secret, logger });
  resources.add('model gateway', () => model.close());

  const mirror = createMirror({ dir: join(options.dataDir, 'mirrors'), codeHost });
  const transferDir = join(options.dataDir, 'transfer');
  const { provider, runtime } = options;
  const shared = { ...stores, engine, faults, feed, clock, logger, provider, mirror, transferDir, codeHost };
  const newIds = { artifact: ids.artifact, question: ids.question };
  const runDeps: RunDeps = {
    ...shared,
    runtime,
    model,
    limits,
    newIds,
    secrets: [...options.secrets, vendor.key],
  };
  const endLost = (sessionId: SessionId, session: Running) => endLostRun(runDeps, sessionId, session);
  const work = createWorker({
    engine,
    faults,
    now: clock.now,
    newRunId: ids.run,
    modelName: model.name,
    ringAt: bell.ringAt,
    runTurn: (run, signal) => runTurn(runDeps, run, signal),
    endLostRun: endLost,
    publish: (sessionId, session, signal) =>
      publish({ ...shared, sessionUrl: options.sessionUrl, sleep: pause }, sessionId, session, signal),
    discard: (sessionId, session, signal) =>
      discard({ ...runDeps, sleep: pause }, sessionId, session, signal),
  });

  async function start(): Promise<void> {
    const recovery = { ...stores, now: clock.now, onError };
    const sweep = () => recover(recovery, bell.ring);
    // What is rung before there is an answer is kept: first the log says what became of the runs of an earlier process.
    await catchUpAll(recovery);
    await endLostRuns({ ...shared, endLostRun: endLost, onError }, bell.ring);
    await sweep();
    bell.answer(work);
    resources.add('bell', () => bell.close());
    const timer = setInterval(() => sweep().catch(onError), SWEEP_MS);
    resources.add('sweep', () => clearInterval(timer));
    const following = new AbortController();
    followPullRequests(shared, following.signal);
    resources.add('pull requests', () => following.abort());
  }

  const deckhand = createClient({ ...shared, bell });
  return { deckhand, start, close: () => resources.close() };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined); // Aborted: whoever waits looks at the signal itself.
}
