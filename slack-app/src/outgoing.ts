import type { Deckhand, Delivery } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { Database } from 'orchestrator/platform/documents';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import { type ConnectionWatch, createConnectionWatch } from './connection.ts';
import { createDelivery } from './delivery.ts';
import { openLeases } from './leases.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { createProcessIdentity } from './process-identity.ts';
import { createProjector, type Projector } from './projector.ts';
import { createBudgets } from './scheduler/budgets.ts';
import { createWriteScheduler, type WriteScheduler } from './scheduler/write-scheduler.ts';
import type { SendTiming } from './sending.ts';
import { createSlackApi, type SlackApi } from './slack-api.ts';
import { CALL_TIMEOUT_MS, classify, createSlackClient, verdictOf } from './slack-client.ts';
import { steadyClock } from './steady-clock.ts';
import { createThreadSender } from './thread-sender.ts';

/** How long things wait, in milliseconds. Tests shorten them. */
export type DeliveryTiming = SendTiming & {
  readonly leaseMs: number;
  /** Between two looks for threads that are behind and that nobody looks after. */
  readonly sweepEveryMs: number;
  /** A call that Slack has not answered by then is given up. */
  readonly callTimeoutMs: number;
  /** Between two looks whether Slack takes our token again. */
  readonly probeEveryMs: number;
};

export const DELIVERY_TIMING: DeliveryTiming = {
  // Slack takes about fifty edits a minute from a whole workspace.
  intervalMs: 3_000,
  callTimeoutMs: CALL_TIMEOUT_MS,
  leaseLeftMs: CALL_TIMEOUT_MS + 2_000,
  leaseMs: 30_000,
  sweepEveryMs: 60_000,
  doubtMs: 60_000,
  placeWaitMs: 15_000,
  placeWaitMaxMs: 10 * 60_000,
  probeEveryMs: 60_000,
};

export type OutgoingOptions = {
  readonly deckhand: Deckhand;
  readonly database: Database;
  readonly botToken: string;
  readonly slackApiUrl?: string;
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly modelLabel: string | null;
  readonly timing: DeliveryTiming;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
};

/** Everything that writes to Slack. */
export type Outgoing = {
  readonly slack: SlackApi;
  readonly scheduler: WriteScheduler;
  readonly outbox: Outbox;
  readonly projector: Projector;
  readonly connection: ConnectionWatch;
  readonly delivery: Delivery;
};

export async function createOutgoing(options: OutgoingOptions): Promise<Outgoing> {
  const { deckhand, database, clock, faults, log, timing, sessionUrl } = options;
  const { botToken: token, slackApiUrl } = options;
  const steady = steadyClock(clock);
  const client = createSlackClient({
    token,
    log,
    timeoutMs: timing.callTimeoutMs,
    ...(slackApiUrl && { slackApiUrl }),
  });
  const scheduler = createWriteScheduler({
    budgets: createBudgets(),
    clock: steady,
    faults,
    log,
    verdictOf,
    probe: () => classify(() => client.auth.test()),
    probeEveryMs: timing.probeEveryMs,
  });
  const slack = createSlackApi({ client, scheduler, clock: steady });
  const outbox = await openOutbox(database, clock.now);
  const { name: holder, isGone } = createProcessIdentity();
  const { newestToken } = outbox;
  const leases = await openLeases({
    database,
    clock: steady,
    holder,
    isGone,
    newestToken,
    leaseMs: timing.leaseMs,
  });
  const { artifact } = deckhand;
  const detail = () => scheduler.detail();
  // What could not be read the projector reads again by itself.
  const catchUp = (sessionId: SessionId): void => {
    projector.state(sessionId).catch(() => undefined);
  };
  const sending = { ...options, slack, outbox, leases, artifact, detail, catchUp, clock: steady };
  const projector: Projector = createProjector({
    deckhand,
    outbox,
    createSender: (sessionId, thread) =>
      createThreadSender({ ...sending, log: log.child({ sessionId }) }, sessionId, thread),
    sessionUrl,
    modelLabel: options.modelLabel,
    sweepEveryMs: options.timing.sweepEveryMs,
    clock,
    faults,
    log,
  });
  let shown = scheduler.detail();
  scheduler.onChange(() => {
    const now = scheduler.detail();
    if (now === shown) return;
    shown = now;
    projector.wake();
  });
  const connection = createConnectionWatch(clock);
  const delivery = createDelivery({ deckhand, projector, outbox, scheduler, connection, clock });
  return { slack, scheduler, outbox, projector, connection, delivery };
}
