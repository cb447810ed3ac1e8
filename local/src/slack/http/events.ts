import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageBus } from '../page-bus.ts';

/** Keeps proxies and browsers from giving up on a quiet stream. */
const HEARTBEAT_MS = 15_000;

/** Answers `GET /local/api/events?as=` with what this person may see, until the page goes. */
export function streamEvents(bus: PageBus, request: IncomingMessage, response: ServerResponse): void {
  const person = new URL(request.url ?? '/', 'http://local').searchParams.get('as') ?? '';
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  const unsubscribe = bus.subscribe((event, audience) => {
    if (audience === 'everyone' || audience.includes(person))
      response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}
