import type { PageEvent } from '../../page-api.ts';
import { pageEventSchema } from '../wire.ts';

/** What a feed reports: events in order, and whether the line to the server holds. */
export type FeedListener = {
  onEvent: (event: PageEvent) => void;
  onOpen: () => void;
  onLost: () => void;
  /** Nobody looks at the page: what happens from now on is not heard. */
  onPause: () => void;
};

// The browser waits about 3 s by itself; after an HTTP error it gives up, and this is when we ask again.
const retryMs = 2_000;

/**
 * Follows the events of one person until the returned function is called; reconnects for ever. It listens while the page
 * is on the screen only: a browser allows a host six connections, and hidden tabs would use them up.
 */
export function openFeed(as: string, listener: FeedListener): () => void {
  let source: EventSource | null = null;
  let timer: number | undefined;

  function connect(): void {
    const opened = new EventSource(`/local/api/events?${new URLSearchParams({ as })}`);
    source = opened;
    opened.onopen = listener.onOpen;
    opened.onmessage = ({ data }: MessageEvent<string>) => deliver(data, listener);
    opened.onerror = () => {
      listener.onLost();
      if (opened.readyState === EventSource.CLOSED) timer = window.setTimeout(connect, retryMs);
    };
  }

  function disconnect(): void {
    window.clearTimeout(timer);
    source?.close();
    source = null;
  }

  function follow(): void {
    if (document.hidden) {
      disconnect();
      listener.onPause();
    } else if (source === null) connect();
  }

  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    disconnect();
  };
}

function deliver(data: string, listener: FeedListener): void {
  const event = pageEventSchema.safeParse(parseJson(data));
  // An event that a newer server knows and this page does not is left out; a reload brings the newer page.
  if (event.success) listener.onEvent(event.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
