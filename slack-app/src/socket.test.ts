import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createLogger } from 'orchestrator/platform/log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSocket, type Socket } from './socket.ts';

const log = createLogger({ service: 'slack-app', level: 'silent' });

/** Slack's side of a connection, by hand: what it does with each one that is asked for. */
let answer: (connection: Duplex, key: string) => void;
let server: Server;
let socket: Socket;
const connections: Duplex[] = [];

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${portOf(server)}/` }));
  });
  server.on('upgrade', (request, connection) => {
    connections.push(connection);
    answer(connection, String(request.headers['sec-websocket-key']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  const closing = socket.close();
  for (const connection of connections.splice(0)) connection.destroy();
  await closing;
  await new Promise((resolve) => server.close(resolve));
});

function portOf(of: Server): number {
  const address = of.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The handshake of a WebSocket, and Slack's first words. */
function sayHello(connection: Duplex, key: string): void {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  connection.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const hello = JSON.stringify({ type: 'hello' });
  connection.write(Buffer.concat([Buffer.from([0x81, hello.length]), Buffer.from(hello)]));
}

it('gives a connection up that Slack takes and never answers, and opens another one', async () => {
  const isOpen = Promise.withResolvers<void>();
  answer = () => {
    answer = sayHello;
  };
  socket = createSocket({
    appToken: 'xapp-1',
    slackApiUrl: `http://127.0.0.1:${portOf(server)}/api/`,
    refusedWaitMs: 1_000,
    helloMs: 200,
    log,
    onOpen: (open) => open && isOpen.resolve(),
    onRefused: () => undefined,
    onEvent: () => undefined,
  });
  await socket.open();
  await isOpen.promise;
  expect(connections).toHaveLength(2);
});
