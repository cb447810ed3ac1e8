import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageBus } from '../page-bus.ts';

/** Keeps proxies and browsers from giving up on a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** What may wait to be read, in bytes. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/**
 * Answers `GET /local/api/events?as=` with what this person may see, until the page goes. One that does not read is cut
 * off: when it wakes up it connects again and reads everything anew.
 */
export function streamEvents(bus: PageBus, request: IncomingMessage, response: ServerResponse): void {
  const person = new URL(request.url ?? '/', 'http://local').searchParams.get('as') ?? '';
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  const unsubscribe = bus.subscribe((event, audience) => {
    const isMeant = audience === 'everyone' || audience.includes(person);
    if (!isMeant || response.destroyed) return;
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > MAX_BACKLOG) response.destroy();
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}
