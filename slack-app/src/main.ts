import type { App, ReceiverEvent } from '@slack/bolt';
import type { Deckhand } from 'orchestrator/client';
import { UpstreamError } from 'orchestrator/domain';
import { type Clock, systemClock } from 'orchestrator/platform/clock';
import type { Database } from 'orchestrator/platform/documents';
import type { Logger } from 'orchestrator/platform/log';
import { createResources } from 'orchestrator/platform/shutdown';
import { createApp, listen } from './app.ts';
import { intakeOf } from './deliveries.ts';
import { createDirectory } from './directory.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { sayGivenUp } from './listeners/given-up.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { createProjector, type Projector } from './projector.ts';
import { createRateGate } from './rate-gate.ts';
import { createSlackApi, type Identity, type SlackApi } from './slack-api.ts';
import { createSocketReceiver } from './socket-receiver.ts';
import { createThreadSender } from './thread-sender.ts';

/** A card is edited at most this often: Slack takes about fifty edits a minute from a whole workspace. */
const CARD_INTERVAL_MS = 3_000;

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
};

export type SlackAppHealth = {
  /** Sockets that Slack can reach us on; 0 means that nobody hears Slack. */
  readonly sockets: number;
  readonly teamId: string;
  readonly botUserId: string;
};

export type RunningSlackApp = { close(): Promise<void>; health(): SlackAppHealth };

/**
 * Connects to Slack, catches up with what was left undone, and keeps every thread as its session's log says until it
 * is closed. Rejects with an UpstreamError whose message is a sentence when Slack refuses a token or does not answer.
 */
export async function startSlackApp(options: SlackAppOptions): Promise<RunningSlackApp> {
  const { deckhand, database, botToken, appToken, log, slackApiUrl } = options;
  const clock = options.clock ?? systemClock;
  const url = slackApiUrl === undefined ? {} : { slackApiUrl };
  const slack = createSlackApi({ token: botToken, log, ...url });
  const identity = await identify(slack, options);
  const outbox = await openOutbox(database);
  const projector = projectorOf(options, { slack, outbox, clock });
  const directory = createDirectory(slack, log);
  const sessionUrl = options.links.session;
  const { sessionOfMessage } = outbox;
  const deps = { deckhand, slack, directory, projector, identity, sessionOfMessage, sessionUrl, log };

  const inbox = await openInbox({
    database,
    clock,
    log,
    // Acknowledged already, when it was stored.
    handle: (body) => app.processEvent({ body: asRecord(body), ack: () => Promise.resolve() }),
    onGivenUp: (body) => sayGivenUp(deps, body),
  });
  const accept = (event: ReceiverEvent, target: App) => take(inbox, target, event);
  const receiver = createSocketReceiver({ appToken, log, accept, ...url });
  const app = createApp({ receiver, identity, botToken, log, ...url });
  listen(app, deps);

  const resources = createResources(log);
  resources.add('projector', () => projector.close());
  await projector.start();
  resources.add('inbox', () => inbox.close());
  await inbox.start();
  resources.add('sockets', async () => {
    await app.stop();
  });
  await connect(app).catch(async (error: unknown) => {
    await resources.close();
    throw error;
  });
  log.info({ teamId: identity.teamId, botUserId: identity.botUserId }, 'slack connected');
  return { close: () => resources.close(), health: () => ({ ...identity, sockets: receiver.connected() }) };
}

function projectorOf(
  options: SlackAppOptions,
  { slack, outbox, clock }: { slack: SlackApi; outbox: Outbox; clock: Clock },
): Projector {
  const { deckhand, log, modelLabel, links } = options;
  const gate = createRateGate(clock);
  const intervalMs = options.cardIntervalMs ?? CARD_INTERVAL_MS;
  return createProjector({
    deckhand,
    outbox,
    createSender: (sessionId, thread) =>
      createThreadSender(
        {
          slack,
          outbox,
          gate,
          clock,
          intervalMs,
          artifact: deckhand.artifact,
          log: log.child({ sessionId }),
        },
        sessionId,
        thread,
      ),
    sessionUrl: links.session,
    modelLabel,
    clock,
    log,
  });
}

/**
 * Takes one delivery in. What can wait is stored, acknowledged, and worked on in its thread's order; what Slack wants
 * an answer to runs at once. What nobody acknowledges is acknowledged here, or Slack would show the person a warning.
 */
async function take(inbox: Inbox, app: App, event: ReceiverEvent): Promise<void> {
  const intake = intakeOf(event.body);
  if (intake.take !== 'answer') {
    if (intake.take === 'keep') await inbox.put(intake.delivery);
    await event.ack();
    return;
  }
  let isAcknowledged = false;
  const ack: ReceiverEvent['ack'] = async (response) => {
    isAcknowledged = true;
    await event.ack(response);
  };
  await app.processEvent({ ...event, ack });
  if (!isAcknowledged) await event.ack();
}

function asRecord(body: unknown): Record<string, unknown> {
  // Only bodies that intakeOf has parsed as objects are in the inbox.
  return body as Record<string, unknown>;
}

async function identify(slack: SlackApi, { botToken, appToken }: SlackAppOptions): Promise<Identity> {
  if (!botToken.startsWith('xoxb-')) throw refusal('SLACK_BOT_TOKEN', 'it has to begin with xoxb-');
  if (!appToken.startsWith('xapp-')) throw refusal('SLACK_APP_TOKEN', 'it has to begin with xapp-');
  try {
    return await slack.identify();
  } catch (cause) {
    if (!(cause instanceof UpstreamError)) throw cause;
    if (cause.code === 'slack.refused') throw refusal('SLACK_BOT_TOKEN', cause.message, cause);
    throw unreachable(cause);
  }
}

function unreachable(cause: UpstreamError): UpstreamError {
  return new UpstreamError('slack.unreachable', `Slack does not answer (${cause.message}).`, { cause });
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
