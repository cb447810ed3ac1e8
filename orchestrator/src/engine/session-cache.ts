import { evolve, type SessionId, UNOPENED } from '../domain/index.ts';
import type { EventLog, LoadedSession } from '../ports.ts';

/** States kept in memory so that a command reads only what is new. They are a few kilobytes each. */
const KEPT_STATES = 500;
const PAGE = 1000;

export interface SessionCache {
  /** The state as of the log's end: what is kept, and what was written since. */
  load(sessionId: SessionId): Promise<LoadedSession>;
  keep(sessionId: SessionId, session: LoadedSession): LoadedSession;
}

export function createSessionCache(log: EventLog): SessionCache {
  const kept = new Map<SessionId, LoadedSession>();

  function keep(sessionId: SessionId, session: LoadedSession): LoadedSession {
    kept.delete(sessionId);
    if (session.seq > 0) kept.set(sessionId, session);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_STATES) break;
      kept.delete(oldest);
    }
    return session;
  }

  async function load(sessionId: SessionId): Promise<LoadedSession> {
    const from = kept.get(sessionId) ?? { state: UNOPENED, seq: 0 };
    // First the end, then the facts up to it: an entry written in between is seen by the next load.
    const seq = await log.lastSeq(sessionId);
    let { state } = from;
    for (let afterSeq = from.seq; afterSeq < seq; ) {
      const page = await log.read(sessionId, { afterSeq, limit: PAGE, factsOnly: true });
      for (const entry of page) if (entry.seq <= seq) state = evolve(state, entry);
      afterSeq = page.length === PAGE ? (page.at(-1)?.seq ?? seq) : seq;
    }
    return keep(sessionId, { state, seq });
  }

  return { load, keep };
}
