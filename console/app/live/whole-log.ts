import type { Entry } from 'orchestrator/domain';
import { useEffect, useState } from 'react';
import { fetchEntries } from '../session/wire.ts';

const PAGE = 1_000;
/** Pages are shown in bunches: each time, the replay is computed anew. */
const PAGES_AT_ONCE = 5;

/** A log from its beginning, read page by page behind its first one up to `lastSeq`. */
export function useWholeLog(options: {
  readonly sessionId: string;
  readonly lastSeq: number;
  readonly first: readonly Entry[];
}): { readonly entries: readonly Entry[]; readonly loading: boolean } {
  const { sessionId, lastSeq, first } = options;
  const [entries, setEntries] = useState(first);
  const [loading, setLoading] = useState((first.at(-1)?.seq ?? 0) < lastSeq);
  useEffect(() => {
    const stop = new AbortController();
    readOn({ sessionId, lastSeq, first, onRead: setEntries, signal: stop.signal })
      // What has been read can be played, whatever kept the rest from coming.
      .catch(() => {})
      .finally(() => stop.signal.aborted || setLoading(false));
    return () => stop.abort();
  }, [sessionId, lastSeq, first]);
  return { entries, loading };
}

async function readOn(options: {
  readonly sessionId: string;
  readonly lastSeq: number;
  readonly first: readonly Entry[];
  readonly onRead: (entries: readonly Entry[]) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { sessionId, lastSeq, onRead, signal } = options;
  const all = [...options.first];
  for (let pages = 1; (all.at(-1)?.seq ?? 0) < lastSeq; pages++) {
    const page = await fetchEntries(sessionId, { afterSeq: all.at(-1)?.seq ?? 0, limit: PAGE, signal });
    all.push(...page);
    if (page.length === 0 || pages % PAGES_AT_ONCE === 0) onRead([...all]);
    if (page.length === 0) return;
  }
  onRead([...all]);
}
