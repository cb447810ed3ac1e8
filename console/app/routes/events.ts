import type { LoaderFunctionArgs } from '@remix-run/node';
import { advances } from '../server/advances.server.ts';
import { eventStream } from '../server/event-stream.server.ts';

/** Tells the session list that something has changed. */
export function loader({ request, context: { deckhand, closing } }: LoaderFunctionArgs) {
  const signal = AbortSignal.any([request.signal, closing]);
  return eventStream(advances(deckhand, signal), signal);
}
