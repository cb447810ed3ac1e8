import type { LoaderFunctionArgs } from '@remix-run/node';
import { changes } from '../server/changes.server.ts';
import { deliveryNews } from '../server/delivery-news.server.ts';
import { eventStream } from '../server/event-stream.server.ts';

/** Tells a page that some session has advanced, and how delivery stands. */
export function loader({ request, context: { deckhand, delivery, closing } }: LoaderFunctionArgs) {
  const signal = AbortSignal.any([request.signal, closing]);
  const source = (listener: () => void) => deckhand.onAdvance(listener);
  const advances = changes(source, { event: 'advanced', read: async () => ({}), signal });
  return eventStream([advances, deliveryNews(delivery, signal)], signal);
}
