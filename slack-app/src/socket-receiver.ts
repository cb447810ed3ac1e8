import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from 'orchestrator/platform/log';
import { z } from 'zod';
import { slackLogger } from './slack-logger.ts';

/** With two, one answers while Slack has the other reconnect, which takes five seconds. */
const SOCKETS = 2;
/**
 * Between the first socket and its spare, in milliseconds. Slack recycles a connection after some hours, so two that were
 * opened together would be recycled together.
 */
export const SPARE_AFTER_MS = 30_000;

const CLOSE_PATIENCE_MS = 2_000;

export type SocketReceiver = Receiver & {
  /** Sockets that are open now. */
  connected(): number;
};

export type SocketReceiverOptions = {
  readonly appToken: string;
  readonly slackApiUrl?: string;
  readonly spareAfterMs: number;
  readonly log: Logger;
  /** Hears how many sockets are open, whenever one opens or closes. */
  readonly onSockets: (open: number) => void;
  /** Takes one delivery. It has to acknowledge it; when this rejects, nothing is acknowledged and Slack tries again. */
  readonly accept: (event: ReceiverEvent, app: App) => Promise<void>;
};

const slackEventSchema = z.object({
  ack: z.custom<(response?: object) => Promise<void>>((value) => typeof value === 'function'),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().optional(),
  retry_reason: z.string().optional(),
});

/** Hears Slack over Socket Mode. Nothing of ours has to be reachable from the internet. */
export function createSocketReceiver(options: SocketReceiverOptions): SocketReceiver {
  const { log } = options;
  const clients = Array.from({ length: SOCKETS }, () => createSocket(options));
  const open = new Set<SocketModeClient>();
  let spareTimer: NodeJS.Timeout | undefined;
  let app: App | null = null;

  async function hear(args: unknown): Promise<void> {
    const { ack, body, retry_num: retryNum, retry_reason: retryReason } = slackEventSchema.parse(args);
    if (!app) return;
    const event: ReceiverEvent = {
      body,
      // Bolt hands on what a listener acknowledges with: nothing, a text, or a payload.
      ack: async (response) => ack(typeof response === 'string' ? { text: response } : response || {}),
      ...(retryNum !== undefined && { retryNum }),
      ...(retryReason !== undefined && { retryReason }),
    };
    await options.accept(event, app);
  }

  for (const client of clients) {
    client.on('connected', () => {
      open.add(client);
      options.onSockets(open.size);
    });
    for (const state of ['disconnected', 'reconnecting', 'disconnecting', 'close'])
      client.on(state, () => {
        if (open.delete(client)) options.onSockets(open.size);
      });
    client.on('slack_event', (args: unknown) => {
      hear(args).catch((err: unknown) => log.warn({ err }, 'delivery was not accepted'));
    });
  }

  return {
    init: (target) => {
      app = target;
    },
    start: async () => {
      const [first, ...spares] = clients;
      // The first one shows whether the token is good.
      await first?.start();
      spareTimer = setTimeout(() => {
        for (const spare of spares)
          spare.start().catch((err: unknown) => log.warn({ err }, 'spare socket did not open'));
      }, options.spareAfterMs);
      spareTimer.unref();
    },
    stop: async () => {
      clearTimeout(spareTimer);
      await Promise.all(clients.map(disconnect));
    },
    connected: () => open.size,
  };
}

/** A socket that is between two connections never says that it is closed. */
async function disconnect(client: SocketModeClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_PATIENCE_MS);
  });
  await Promise.race([client.disconnect(), patience]);
  clearTimeout(timer);
}

function createSocket({ appToken, slackApiUrl, log }: SocketReceiverOptions): SocketModeClient {
  return new SocketModeClient({
    appToken,
    logger: slackLogger(log),
    // An object for each: the client writes into it. Without `forever` an outage longer than the retries ends the
    // process; without `maxTimeout` the waits grow to many minutes.
    clientOptions: {
      retryConfig: { forever: true, minTimeout: 500, maxTimeout: 10_000, factor: 1.5 },
      ...(slackApiUrl && { slackApiUrl }),
    },
  });
}
