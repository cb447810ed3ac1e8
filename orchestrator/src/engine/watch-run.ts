import type { FactOf, RunId, SessionEvent, SessionId } from '../domain/index.ts';
import type { EventLog, Feed } from '../ports.ts';

export type RunOrders = {
  readonly onStop: () => void;
  readonly onAnswer: (answer: FactOf<'question.answered'>) => void;
};

/** After a log that could not be read, it is read again then: a run may be silent for long. In milliseconds. */
const RETRY_MS = 1_000;

/**
 * Tells a run that is going on what people decided meanwhile. The feed only hints that the log has grown; the log itself
 * says what happened, so an order given by another process counts as well. Answers with what ends the watch.
 */
export function watchRun(
  deps: {
    readonly log: Pick<EventLog, 'read'>;
    readonly feed: Feed;
    readonly onError: (error: unknown) => void;
    /** What tests shorten. */
    readonly retryMs?: number;
  },
  run: { readonly sessionId: SessionId; readonly runId: RunId; readonly afterSeq: number },
  orders: RunOrders,
): () => void {
  let seen = run.afterSeq;
  let reading = false;
  let behind = false;
  let ended = false;
  let retry: NodeJS.Timeout | undefined;

  function obey(event: SessionEvent): void {
    if (event.type === 'run.stop_requested' && event.runId === run.runId) orders.onStop();
    if (event.type === 'question.answered') orders.onAnswer(event);
  }

  async function read(): Promise<void> {
    for (;;) {
      const page = await deps.log.read(run.sessionId, { afterSeq: seen, limit: 200, factsOnly: true });
      for (const { seq, event } of page) {
        seen = seq;
        obey(event);
      }
      if (page.length < 200) return;
    }
  }

  async function readAll(): Promise<void> {
    reading = true;
    try {
      while (behind) {
        behind = false;
        await read();
      }
    } catch (error) {
      deps.onError(error);
      if (!ended) retry = setTimeout(look, deps.retryMs ?? RETRY_MS);
    } finally {
      // In the same step as the last look at `behind`: a hint that came between the two would be lost.
      reading = false;
    }
  }

  function look(): void {
    behind = true;
    clearTimeout(retry);
    if (!reading) void readAll();
  }

  const unsubscribe = deps.feed.subscribe((message) => {
    if (message.kind === 'advanced') look();
  }, run.sessionId);
  look(); // An order may have come before we listened.
  return () => {
    ended = true;
    clearTimeout(retry);
    unsubscribe();
  };
}
