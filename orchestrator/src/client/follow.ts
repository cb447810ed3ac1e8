import type { Entry, LiveEvent, SessionId } from '../domain/index.ts';
import type { EventLog, Feed } from '../ports.ts';
import type { Followed } from './client.ts';

const PAGE = 500;
/** Live progress that a slow reader may fall behind by; what comes then is dropped, the entries that follow hold the whole. */
const MAX_LIVE = 1000;

/** A session's log from a point on and then as it grows. The feed only wakes: what is yielded is read from the log. */
export async function* follow(
  deps: { readonly log: EventLog; readonly feed: Feed },
  sessionId: SessionId,
  options: { readonly afterSeq: number; readonly signal: AbortSignal },
): AsyncIterable<Followed> {
  const { signal } = options;
  const live: LiveEvent[] = [];
  let advanced = true;
  let wake: () => void = () => undefined;
  const unsubscribe = deps.feed.subscribe((message) => {
    if (message.kind === 'advanced') advanced = true;
    else if (live.length < MAX_LIVE) live.push(message.live);
    wake();
  }, sessionId);
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    let afterSeq = options.afterSeq;
    while (!signal.aborted) {
      if (advanced) {
        // Before the read: what is written meanwhile is a hint of its own.
        advanced = false;
        for await (const entry of entriesAfter(deps.log, sessionId, afterSeq)) {
          afterSeq = entry.seq;
          yield { kind: 'entry', entry };
        }
      }
      for (const item of live.splice(0)) yield { kind: 'live', live: item };
      if (advanced || live.length > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

async function* entriesAfter(log: EventLog, sessionId: SessionId, seq: number): AsyncIterable<Entry> {
  for (let afterSeq = seq; ; ) {
    const page = await log.read(sessionId, { afterSeq, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    afterSeq = page.at(-1)?.seq ?? afterSeq;
  }
}
