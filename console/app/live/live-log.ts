import type { Entry } from 'orchestrator/domain';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { type LoadedLog, loadedLog, nextLoadedLog, type Received } from '../session/loaded-log.ts';
import type { SessionView } from '../session/view.ts';
import { fetchEntries, readEntry, readLive } from '../session/wire.ts';
import { useTellDelivery } from './delivery-news.tsx';
import { whileShown } from './while-shown.ts';

/** Entries that come within this time are shown together: a screen cannot be read faster. */
const BATCH_MS = 80;
const EARLIER_PAGE = 500;

export type LiveLog = LoadedLog & {
  /** Loads a page before what is loaded; null when the beginning is. */
  readonly loadEarlier: (() => void) | null;
  readonly loadingEarlier: boolean;
};

/** A session's log as it grows. `initial` is what the page came with; the stream goes on from there. */
export function useLiveLog(initial: {
  readonly view: SessionView;
  readonly entries: readonly Entry[];
}): LiveLog {
  const [log, dispatch] = useReducer(nextLoadedLog, initial, ({ view, entries }) => loadedLog(view, entries));
  const sessionId = log.view.summary.sessionId;
  const tellDelivery = useTellDelivery();
  const lastSeq = useRef(initial.entries.at(-1)?.seq ?? 0);

  useEffect(() => {
    let batch: Received[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    function show() {
      if (timer) clearTimeout(timer);
      timer = null;
      if (batch.length > 0) dispatch({ type: 'received', batch });
      batch = [];
    }
    function receive(received: Received) {
      batch.push(received);
      timer ??= setTimeout(show, BATCH_MS);
    }
    function open(): EventSource {
      const source = new EventSource(`/sessions/${sessionId}/events?after=${lastSeq.current}`);
      source.addEventListener('entry', ({ data }) => {
        const entry = readEntry(JSON.parse(data));
        if (!entry) return;
        lastSeq.current = Math.max(lastSeq.current, entry.seq);
        receive({ entry });
      });
      source.addEventListener('live', ({ data }) => {
        const live = readLive(JSON.parse(data));
        if (live) receive({ live });
      });
      source.addEventListener('delivery', tellDelivery);
      source.addEventListener('open', () => dispatch({ type: 'connected' }));
      source.addEventListener('error', () => dispatch({ type: 'disconnected' }));
      return source;
    }
    const stop = whileShown(open, () => {
      show();
      dispatch({ type: 'paused' });
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [sessionId, tellDelivery]);

  const firstSeq = log.entries[0]?.seq ?? 1;
  const earlier = useEarlier(sessionId, firstSeq, (entries) => dispatch({ type: 'read_earlier', entries }));
  return { ...log, ...earlier };
}

function useEarlier(
  sessionId: string,
  firstSeq: number,
  onRead: (entries: readonly Entry[]) => void,
): Pick<LiveLog, 'loadEarlier' | 'loadingEarlier'> {
  const [loadingEarlier, setLoading] = useState(false);
  const read = useRef(onRead);
  read.current = onRead;
  const loadEarlier = useCallback(() => {
    const afterSeq = Math.max(0, firstSeq - 1 - EARLIER_PAGE);
    setLoading(true);
    fetchEntries(sessionId, { afterSeq, limit: firstSeq - 1 - afterSeq, signal: AbortSignal.timeout(30_000) })
      // What could not be read can be asked for again: the button stays.
      .then(
        (entries) => read.current(entries),
        () => {},
      )
      .finally(() => setLoading(false));
  }, [sessionId, firstSeq]);
  return { loadEarlier: firstSeq > 1 ? loadEarlier : null, loadingEarlier };
}
