import type { Deckhand } from 'orchestrator/client';
import type { StreamEvent } from './event-stream.server.ts';

/** However much happens, a list is told at most this often. */
const EVERY_MS = 1_000;

/** One event whenever sessions have advanced, told apart by nothing: who listens reads the list again. */
export async function* advances(
  deckhand: Pick<Deckhand, 'onAdvance'>,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  let advanced = false;
  let wake = () => {};
  const stop = deckhand.onAdvance(() => {
    advanced = true;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      if (!advanced) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      advanced = false;
      yield { event: 'advanced', data: {} };
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
