import { setTimeout as delay } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { OpenCodeClient } from './opencode-client.ts';
import { readEvent, type WireEvent } from './opencode-wire.ts';

/** OpenCode sends a heartbeat every 10 s: after this much silence the connection is taken for dead. */
const silenceLimitMs = 25_000;
const reconnectDelayMs = 200;

export type StreamHandlers = {
  readonly onEvent: (event: WireEvent) => void;
  /** The connection was lost; what happens from here to the next `connected` is not told by the stream. */
  readonly onLost: () => void;
};

/** Follows the event stream through as many connections as it takes, until the signal aborts. Never rejects. */
export async function followEvents(client: OpenCodeClient, handlers: StreamHandlers, signal: AbortSignal) {
  while (!signal.aborted) {
    // Whatever broke it, the cure is the same: connect again, and let the caller read what was missed.
    await followOnce(client, handlers, signal).catch(() => undefined);
    if (signal.aborted) return;
    handlers.onLost();
    await delay(reconnectDelayMs, undefined, { signal }).catch(() => undefined);
  }
}

/** As `TextDecoderStream`, whose types differ between Node and browsers: this file is read by both type checks. */
function textDecoder(): TransformStream<Uint8Array, string> {
  const decoder = new TextDecoder();
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(decoder.decode(chunk, { stream: true })),
  });
}

async function followOnce(
  client: OpenCodeClient,
  { onEvent }: StreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceLimitMs);
  try {
    const body = await client.events(AbortSignal.any([signal, silence.signal]));
    const frames = body.pipeThrough(textDecoder()).pipeThrough(new EventSourceParserStream());
    for await (const frame of frames) {
      timer.refresh();
      const event = readEvent(frame.data);
      if (event) onEvent(event);
    }
  } finally {
    clearTimeout(timer);
  }
}
