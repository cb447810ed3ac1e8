/** One server-sent event. */
export type StreamEvent = { readonly event: string; readonly data: unknown; readonly id?: number };

/** Shorter than the 30 s and 60 s after which common proxies give up on a silent connection. */
const HEARTBEAT_MS = 15_000;

/** A response that sends the events of all sources as they come, until all have ended or the signal aborts. */
export function eventStream(sources: readonly AsyncIterable<StreamEvent>[], signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const heartbeat = setInterval(
        () => controller.enqueue(encoder.encode(': still here\n\n')),
        HEARTBEAT_MS,
      );
      controller.enqueue(encoder.encode('retry: 1000\n\n'));
      // Once one source has failed the stream is over: the next event of another one fails too, and ends it.
      async function pass(source: AsyncIterable<StreamEvent>): Promise<void> {
        for await (const event of source) {
          if (signal.aborted) return;
          controller.enqueue(encoder.encode(textOf(event)));
        }
      }
      try {
        await Promise.all(sources.map((source) => pass(source)));
        controller.close();
      } catch (error) {
        // Who has left needs no answer; everyone else connects again and is told then.
        if (signal.aborted) controller.close();
        else controller.error(error);
      } finally {
        clearInterval(heartbeat);
      }
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

function textOf({ event, data, id }: StreamEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
