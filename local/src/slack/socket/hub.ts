import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { newSecret } from '../ids.ts';
import { APP_ID } from '../seed.ts';

/** Slack closes the eleventh connection of an app. */
const MAX_SOCKETS = 10;
const PING_INTERVAL_MS = 10_000;

export type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';
export type Envelope = {
  readonly type: EnvelopeType;
  readonly payload: Record<string, unknown>;
  readonly retry?: { readonly attempt: number; readonly reason: string };
};
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

const ack = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

type Timings = { readonly ackTimeoutMs: number; readonly onChange: () => void };

export type Hub = ReturnType<typeof createHub>;

/** The app's Socket Mode connections: tickets, envelopes, acks. Each envelope goes to one open socket. */
export function createHub({ ackTimeoutMs, onChange }: Timings) {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, (payload: unknown) => void>();
  let turn = 0;

  const disconnect = (socket: WebSocket, reason: DisconnectReason): void =>
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-local' } }));

  const receive = (data: string): void => {
    const message = readJson(data);
    const parsed = ack.safeParse(message);
    if (!parsed.success) return;
    waiting.get(parsed.data.envelope_id)?.(parsed.data.payload ?? {});
  };

  const welcome = (socket: WebSocket): void => {
    if (sockets.length >= MAX_SOCKETS) {
      disconnect(socket, 'too_many_websockets');
      socket.close();
      return;
    }
    sockets.push(socket);
    keepAlive(socket);
    socket.on('message', (data) => receive(String(data)));
    // A socket that breaks also closes; without a listener its error would end the process.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      sockets.splice(sockets.indexOf(socket), 1);
      onChange();
    });
    socket.send(JSON.stringify(hello(sockets.length)));
    onChange();
  };

  return {
    sockets: (): number => sockets.length,
    /** A ticket opens one socket, once. */
    issueTicket(): string {
      const ticket = newSecret();
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'ws://local').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, connection, head, welcome);
    },
    /** Resolves with the ack's payload, or null when no socket is open or no ack came in time. */
    async send({ type, payload, retry }: Envelope): Promise<unknown> {
      const open = sockets.filter((socket) => socket.readyState === socket.OPEN);
      const socket = open[turn++ % Math.max(open.length, 1)];
      if (!socket) return null;
      const envelopeId = randomUUID();
      const events = { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' };
      const envelope = {
        envelope_id: envelopeId,
        type,
        accepts_response_payload: type !== 'events_api',
        ...(type === 'events_api' ? events : {}),
        payload,
      };
      const answer = new Promise<unknown>((resolve) => {
        const timer = setTimeout(() => resolve(null), ackTimeoutMs);
        timer.unref();
        waiting.set(envelopeId, (value) => {
          clearTimeout(timer);
          resolve(value);
        });
      });
      socket.send(JSON.stringify(envelope));
      return answer.finally(() => waiting.delete(envelopeId));
    },
    /** Tells every socket to reconnect, as Slack does before it recycles a connection. */
    disconnect(reason: DisconnectReason): void {
      for (const socket of [...sockets]) disconnect(socket, reason);
    },
    /** Breaks every connection without a word, as a lost network does. */
    cut(): void {
      for (const socket of [...sockets]) socket.terminate();
    },
    close(): void {
      for (const socket of [...sockets]) socket.terminate();
      for (const resolve of [...waiting.values()]) resolve(null);
      server.close();
    },
  };
}

function hello(connections: number): Record<string, unknown> {
  return {
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: APP_ID },
    debug_info: { host: 'applink-local', build_number: 1, approximate_connection_time: 18_060 },
  };
}

/** Pings, and breaks a connection whose last ping was not answered. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    return socket.ping('local');
  }, PING_INTERVAL_MS);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not an ack; Slack ignores what it does not understand
  }
}
