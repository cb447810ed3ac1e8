import type { StreamEvent } from './event-stream.server.ts';

/** However much happens, a page is told at most this often. */
const EVERY_MS = 1_000;

/** What tells a listener that something has changed, until it is called back. */
type Source = (listener: () => void) => () => void;

/**
 * One event at once, so that nothing is missed between a page and its stream, and then one whenever the source has told
 * of a change, at most once a second.
 */
export async function* changes(
  source: Source,
  {
    event,
    read,
    signal,
  }: { readonly event: string; readonly read: () => Promise<unknown>; readonly signal: AbortSignal },
): AsyncGenerator<StreamEvent> {
  let changed = true;
  let wake = () => {};
  const stop = source(() => {
    changed = true;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      changed = false;
      yield { event, data: await read() };
      await pause(EVERY_MS, signal);
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
