import type { App, ReceiverEvent } from '@slack/bolt';
import type { Deckhand, Delivery } from 'orchestrator/client';
import { UpstreamError } from 'orchestrator/domain';
import { type Clock, systemClock } from 'orchestrator/platform/clock';
import type { Database } from 'orchestrator/platform/documents';
import { type FaultPoints, noFaults } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import { createResources, type Resources } from 'orchestrator/platform/shutdown';
import { createApp, listen } from './app.ts';
import { createDirectory } from './directory.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { takeIn } from './intake.ts';
import { identifyOrRemember } from './known-identity.ts';
import { sayGivenUp } from './listeners/given-up.ts';
import type { ListenerDeps } from './listeners/listener-deps.ts';
import { type MissedPosts, openMissedPosts } from './missed-posts.ts';
import { createOutgoing, DELIVERY_TIMING, type DeliveryTiming, type Outgoing } from './outgoing.ts';
import type { Identity, SlackApi } from './slack-api.ts';
import { createSocketReceiver, type SocketReceiver, SPARE_AFTER_MS } from './socket-receiver.ts';

/** A gap in hearing Slack that is shorter is covered by Slack's own redelivery. In milliseconds. */
const SHORT_GAP_MS = 60_000;

export type SlackAppOptions = {
  readonly deckhand: Deckhand;
  readonly database: Database;
  /** `xoxb-…` */
  readonly botToken: string;
  /** `xapp-…`, with the scope `connections:write`. */
  readonly appToken: string;
  /** Only for a stand-in; without it the real Slack. */
  readonly slackApiUrl?: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Pages that messages point to. */
  readonly links: { readonly session: (sessionId: string) => string };
  /** Shown instead of the model's name, such as `scripted demo model`. */
  readonly modelLabel: string | null;
  readonly cardIntervalMs?: number;
  /** What tests shorten. */
  readonly timing?: Partial<DeliveryTiming> & {
    readonly shortGapMs?: number;
    readonly spareAfterMs?: number;
  };
  /** For the fault harness. */
  readonly faults?: FaultPoints;
};

export type SlackAppHealth = {
  /** Sockets that Slack can reach us on; 0 means that nobody hears Slack. */
  readonly sockets: number;
  readonly teamId: string;
  readonly botUserId: string;
};

export type RunningSlackApp = {
  close(): Promise<void>;
  health(): SlackAppHealth;
  readonly delivery: Delivery;
  /** Looks for posts that nobody told us of, at once. Answers with how many it handed to the inbox. */
  findMissedPosts(): Promise<number>;
};

/**
 * Connects to Slack, catches up with what was left undone, and keeps every thread as its session's log says until it
 * is closed. Rejects with an UpstreamError whose message is a sentence when Slack refuses a token; when Slack does not
 * answer only where it never did: else it goes on trying.
 */
export async function startSlackApp(options: SlackAppOptions): Promise<RunningSlackApp> {
  const { deckhand, database, log, botToken } = options;
  const clock = options.clock ?? systemClock;
  const faults = options.faults ?? noFaults;
  const resources = createResources(log);
  const outgoing = await outgoingOf(options, { clock, faults });
  const { slack, projector, outbox } = outgoing;
  const identity = await identify(slack, options);
  const directory = createDirectory(slack, { log, clock });
  const sessionUrl = options.links.session;
  const known = { deckhand, slack, directory, projector, identity, outbox, sessionUrl, log };
  const inbox = await openInbox({
    database,
    clock,
    log,
    // Acknowledged already, when it was stored.
    handle: (body) => app.processEvent({ body: asRecord(body), ack: () => Promise.resolve() }),
    onGivenUp: (body) => sayGivenUp(known, body),
  });
  const shortGapMs = options.timing?.shortGapMs ?? SHORT_GAP_MS;
  const missed = await openMissedPosts({
    database,
    slack,
    deckhand,
    inbox,
    identity,
    clock,
    log,
    shortGapMs,
  });
  const receiver = receiverOf(options, { outgoing, inbox, missed, faults, identity });
  const url = urlOf(options);
  const app = createApp({ receiver, identity, botToken, log, ...url });
  const deps = { ...known, inbox };
  listen(app, deps);
  await startAll(resources, {
    deps,
    outgoing,
    inbox,
    missed,
    start: () => connect(app),
    stop: () => app.stop(),
  });
  log.info({ teamId: identity.teamId, botUserId: identity.botUserId }, 'slack connected');
  return {
    close: () => resources.close(),
    health: () => ({ ...identity, sockets: receiver.connected() }),
    delivery: outgoing.delivery,
    findMissedPosts: missed.look,
  };
}

function urlOf({ slackApiUrl }: SlackAppOptions): { slackApiUrl?: string } {
  return slackApiUrl === undefined ? {} : { slackApiUrl };
}

function outgoingOf(
  options: SlackAppOptions,
  { clock, faults }: { clock: Clock; faults: FaultPoints },
): Promise<Outgoing> {
  const { deckhand, database, botToken, log, modelLabel, links, cardIntervalMs } = options;
  return createOutgoing({
    deckhand,
    database,
    botToken,
    modelLabel,
    clock,
    faults,
    log,
    ...urlOf(options),
    sessionUrl: links.session,
    timing: {
      ...DELIVERY_TIMING,
      ...options.timing,
      ...(cardIntervalMs !== undefined && { intervalMs: cardIntervalMs }),
    },
  });
}

type Parts = {
  readonly outgoing: Outgoing;
  readonly inbox: Inbox;
  readonly missed: MissedPosts;
};

function receiverOf(
  options: SlackAppOptions,
  { outgoing, inbox, missed, faults, identity }: Parts & { faults: FaultPoints; identity: Identity },
): SocketReceiver {
  const { appToken, log } = options;
  const { projector, connection } = outgoing;
  const { botUserId } = identity;
  const intake = { inbox, faults, botUserId, onSign: projector.nudge };
  let open = 0;
  return createSocketReceiver({
    appToken,
    log,
    spareAfterMs: options.timing?.spareAfterMs ?? SPARE_AFTER_MS,
    refusedWaitMs: options.timing?.probeEveryMs ?? DELIVERY_TIMING.probeEveryMs,
    onRefused: connection.refused,
    ...urlOf(options),
    onSockets: (now) => {
      connection.sockets(now);
      if (now === 0) missed.onDisconnected();
      if (now > 0 && open === 0) {
        missed.onConnected();
        // Slack is there again: nothing waits out what it had to wait for while Slack was not.
        projector.nudge('reconnected', null);
      }
      open = now;
    },
    accept: async (event: ReceiverEvent, app) => {
      try {
        await takeIn(intake, app, event);
      } catch (error) {
        missed.onRefused();
        throw error;
      }
    },
  });
}

/** Starts what was built, so that it is stopped in the reverse order: also when one of it does not start. */
async function startAll(
  resources: Resources,
  parts: Parts & {
    readonly deps: ListenerDeps;
    readonly start: () => Promise<void>;
    readonly stop: () => Promise<unknown>;
  },
): Promise<void> {
  const { outgoing, inbox, missed } = parts;
  try {
    resources.add('projector', () => outgoing.projector.close());
    await outgoing.projector.start();
    resources.add('inbox', () => inbox.close());
    await inbox.start();
    resources.add('missed posts', () => missed.close());
    // Before those who wait for their turn in it: what is not sent by now is sent after the next start.
    resources.add('scheduler', () => outgoing.scheduler.close());
    resources.add('sockets', async () => {
      await parts.stop();
    });
    await parts.start();
  } catch (error) {
    await resources.close();
    throw error;
  }
}

function asRecord(body: unknown): Record<string, unknown> {
  // Only bodies that intakeOf has parsed as objects are in the inbox.
  return body as Record<string, unknown>;
}

async function identify(slack: SlackApi, options: SlackAppOptions): Promise<Identity> {
  const { database, botToken, appToken, log } = options;
  if (!botToken.startsWith('xoxb-')) throw refusal('SLACK_BOT_TOKEN', 'it has to begin with xoxb-');
  if (!appToken.startsWith('xapp-')) throw refusal('SLACK_APP_TOKEN', 'it has to begin with xapp-');
  try {
    return await identifyOrRemember({ database, botToken, identify: slack.identify, log });
  } catch (cause) {
    if (!(cause instanceof UpstreamError)) throw cause;
    if (cause.code === 'slack.refused') throw refusal('SLACK_BOT_TOKEN', cause.message, cause);
    throw unreachable(cause);
  }
}

function unreachable(cause: UpstreamError): UpstreamError {
  return new UpstreamError(
    'slack.unreachable',
    `Slack does not answer (${cause.message}). Look whether this machine reaches it, then start again.`,
    { cause },
  );
}

async function connect(app: App): Promise<void> {
  try {
    await app.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal('SLACK_APP_TOKEN', reason, error);
  }
}

function refusal(name: string, reason: string, cause?: unknown): UpstreamError {
  const help = 'Copy it again from api.slack.com/apps; README.md says where it is.';
  return new UpstreamError('slack.refused', `Slack does not accept ${name}: ${reason}. ${help}`, { cause });
}
