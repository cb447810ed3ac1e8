import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createPageBus } from '../page-bus.ts';
import { until } from '../testing/rig.ts';
import { streamEvents } from './events.ts';

const LONG = 'x'.repeat(500_000);

/** A server that streams the bus to every page, with its side of each stream. */
async function startStreams() {
  const bus = createPageBus();
  const streams: ServerResponse[] = [];
  const server = createServer((asked, response) => {
    streams.push(response);
    streamEvents(bus, asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** A page's event stream, once it has begun. */
  const open = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request(`http://127.0.0.1:${port}/?as=U1`, resolve).on('error', reject).end();
    });
  return { bus, streams, open };
}

it('cuts off a page that does not read what it is told, and no other one', async () => {
  const { bus, streams, open } = await startStreams();
  const [asleep, awake] = [await open(), await open()];
  let heard = 0;
  awake.on('data', (chunk: Buffer) => {
    heard += chunk.length;
  });
  asleep.pause();
  let told = 0;
  const tell = async () => {
    bus.publish({ type: 'message_deleted', channel: LONG, ts: '1.0' });
    told += LONG.length;
    await until('the page that reads', () => heard >= told);
  };
  // How much a line holds is the system's choice.
  while (!streams[0]?.destroyed) await tell();
  asleep.on('error', () => {}).resume();
  await until('the cut', () => asleep.destroyed);
  await tell();
  expect(streams.map((stream) => stream.destroyed)).toEqual([true, false]);
});
