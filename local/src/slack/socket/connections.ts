import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { newSecret } from '../ids.ts';
import type { WhichSockets } from '../page-api.ts';
import { APP_ID } from '../seed.ts';

/** Slack closes the eleventh connection of an app. */
const MAX_SOCKETS = 10;
const PING_INTERVAL_MS = 10_000;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

type Listeners = {
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onMessage: (data: string) => void;
};

/** The WebSockets that the app holds open, and the single-use tickets that open them. */
export function createConnections({ onOpen, onClose, onMessage }: Listeners) {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const sockets = new Set<WebSocket>();
  const open = (): WebSocket[] => [...sockets].filter((socket) => socket.readyState === socket.OPEN);

  const welcome = (socket: WebSocket): void => {
    // A socket that breaks also closes; without a listener its error would end the process.
    socket.on('error', () => socket.terminate());
    if (open().length >= MAX_SOCKETS) {
      tellDisconnect(socket, 'too_many_websockets');
      socket.close();
      return;
    }
    sockets.add(socket);
    keepAlive(socket);
    socket.on('message', (data) => onMessage(String(data)));
    socket.on('close', () => {
      sockets.delete(socket);
      onClose();
    });
    socket.send(JSON.stringify(hello(open().length)));
    onOpen();
  };

  return {
    open,
    /** A ticket opens one socket, once. */
    issueTicket(): string {
      const ticket = newSecret();
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'ws://local').searchParams.get('ticket') ?? '';
      if (tickets.delete(ticket)) server.handleUpgrade(request, connection, head, welcome);
      else connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    },
    /** Tells sockets to reconnect, as Slack does before it recycles a connection: it takes them one at a time. */
    disconnect(reason: DisconnectReason, which: WhichSockets): void {
      for (const socket of meant(open(), which)) tellDisconnect(socket, reason);
    },
    /** Breaks connections without a word, as a lost network does. */
    cut(which: WhichSockets): void {
      for (const socket of meant([...sockets], which)) socket.terminate();
    },
    close(): void {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

function meant(sockets: readonly WebSocket[], which: WhichSockets): readonly WebSocket[] {
  return which === 'oldest' ? sockets.slice(0, 1) : sockets;
}

function tellDisconnect(socket: WebSocket, reason: DisconnectReason): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-local' } }));
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
