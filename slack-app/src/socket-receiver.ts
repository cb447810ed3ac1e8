import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import { createSocket, type Socket, type SocketOptions } from './socket.ts';

/** With two, one answers while Slack has the other reconnect, which takes five seconds. */
const SOCKETS = 2;
/**
 * Between the first socket and its spare, in milliseconds. Slack recycles a connection after some hours, so two that were
 * opened together would be recycled together.
 */
export const SPARE_AFTER_MS = 30_000;

export type SocketReceiver = Receiver & {
  /** Sockets that are open now. */
  connected(): number;
};

export type SocketReceiverOptions = Pick<
  SocketOptions,
  'appToken' | 'slackApiUrl' | 'refusedWaitMs' | 'log' | 'onRefused'
> & {
  readonly spareAfterMs: number;
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
  const open = new Set<Socket>();
  const sockets = Array.from({ length: SOCKETS }, createOne);
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

  function createOne(): Socket {
    const socket: Socket = createSocket({
      ...options,
      onOpen: (isOpen) => {
        if (isOpen === open.has(socket)) return;
        if (isOpen) open.add(socket);
        else open.delete(socket);
        options.onSockets(open.size);
      },
      onEvent: (args) => {
        hear(args).catch((err: unknown) => log.warn({ err }, 'delivery was not accepted'));
      },
    });
    return socket;
  }

  return {
    init: (target) => {
      app = target;
    },
    start: async () => {
      const [first, ...spares] = sockets;
      // The first one shows whether the token is good.
      await first?.open();
      spareTimer = setTimeout(() => {
        // Refused or not, it goes on by itself.
        for (const spare of spares) spare.open().catch(() => undefined);
      }, options.spareAfterMs);
      spareTimer.unref();
    },
    stop: async () => {
      clearTimeout(spareTimer);
      await Promise.all(sockets.map((socket) => socket.close()));
    },
    connected: () => open.size,
  };
}
