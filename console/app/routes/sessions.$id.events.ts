import type { LoaderFunctionArgs } from '@remix-run/node';
import type { Followed } from 'orchestrator/client';
import { deliveryNews } from '../server/delivery-news.server.ts';
import { eventStream, type StreamEvent } from '../server/event-stream.server.ts';
import { seqOf, sessionIdOf } from '../server/params.server.ts';

/**
 * The log from a position on and as it grows, and how delivery stands, in one stream: a browser holds six connections to a
 * host. One that lost its connection goes on where it was.
 */
export function loader({ request, params, context: { deckhand, delivery, closing } }: LoaderFunctionArgs) {
  const signal = AbortSignal.any([request.signal, closing]);
  const afterSeq = seqOf(
    request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after'),
  );
  const log = toEvents(deckhand.follow(sessionIdOf(params), { afterSeq, signal }));
  return eventStream([log, deliveryNews(delivery, signal)], signal);
}

async function* toEvents(followed: AsyncIterable<Followed>): AsyncGenerator<StreamEvent> {
  for await (const one of followed) {
    if (one.kind === 'entry') yield { event: 'entry', data: one.entry, id: one.entry.seq };
    else yield { event: 'live', data: one.live };
  }
}
