import {
  type Actor,
  type Command,
  Conflict,
  decide,
  type EngineCommand,
  type Entry,
  evolve,
  type Fact,
  isRefused,
  type Refused,
  type SessionId,
  type SessionState,
  type Trace,
  UNOPENED,
} from '../domain/index.ts';
import type { EventLog, Feed, LoadedSession, NewEntry, SessionList } from '../ports.ts';

export interface Engine {
  load(sessionId: SessionId): Promise<LoadedSession>;
  /** Decides the commands one after the other, all or none, and writes what happened in one append. */
  execute(
    sessionId: SessionId,
    actor: Actor,
    ...commands: readonly (Command | EngineCommand)[]
  ): Promise<{ readonly seq: number } | Refused>;
  /** Writes what the agent did. Depends on no state, so it never conflicts for good. */
  trace(sessionId: SessionId, actor: Actor, events: readonly Trace[]): Promise<void>;
}

/** States kept in memory so that a command reads only what is new. They are a few kilobytes each. */
const KEPT_STATES = 500;

/** Conflicts in a row after which something other than a race must be wrong. */
const MAX_CONFLICTS = 20;

/** Load, decide, append; on conflict, again. */
export function createEngine(deps: {
  readonly log: EventLog;
  readonly sessions: SessionList;
  readonly feed: Feed;
}): Engine {
  const { log, sessions, feed } = deps;
  const kept = new Map<SessionId, LoadedSession>();
  const turnstile = createTurnstile();

  async function load(sessionId: SessionId): Promise<LoadedSession> {
    const from = kept.get(sessionId) ?? { state: UNOPENED, seq: 0 };
    // First the end, then the facts up to it: an entry written in between is seen by the next load.
    const seq = await log.lastSeq(sessionId);
    if (seq === from.seq) return keep(sessionId, from);
    let state = from.state;
    for (let afterSeq = from.seq; ; ) {
      const page = await log.read(sessionId, { afterSeq, limit: 1000, factsOnly: true });
      for (const entry of page) if (entry.seq <= seq) state = evolve(state, entry);
      const last = page.at(-1);
      if (!last || page.length < 1000 || last.seq >= seq) break;
      afterSeq = last.seq;
    }
    return keep(sessionId, { state, seq });
  }

  function keep(sessionId: SessionId, session: LoadedSession): LoadedSession {
    kept.delete(sessionId);
    if (session.seq > 0) kept.set(sessionId, session);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_STATES) break;
      kept.delete(oldest);
    }
    return session;
  }

  async function append(
    sessionId: SessionId,
    expectedSeq: number,
    entries: readonly NewEntry[],
  ): Promise<readonly Entry[]> {
    const written = await log.append(sessionId, expectedSeq, entries);
    await project(sessionId, written);
    const last = written.at(-1);
    if (last) feed.publish({ kind: 'advanced', sessionId, seq: last.seq });
    return written;
  }

  async function project(sessionId: SessionId, written: readonly Entry[]): Promise<void> {
    await sessions.apply(sessionId, written);
  }

  async function executeOnce(
    sessionId: SessionId,
    actor: Actor,
    commands: readonly (Command | EngineCommand)[],
  ) {
    const session = await load(sessionId);
    const decided = decideAll(session.state, actor, commands);
    if (isRefused(decided)) return decided;
    const entries = decided.events.map((event) => ({ actor, event }));
    const written = await append(sessionId, session.seq, entries);
    return { seq: keep(sessionId, { state: decided.state, seq: session.seq + written.length }).seq };
  }

  return {
    load: (sessionId) => turnstile(sessionId, () => load(sessionId)),
    execute: (sessionId, actor, ...commands) =>
      turnstile(sessionId, () => retryConflicts(() => executeOnce(sessionId, actor, commands))),
    trace: async (sessionId, actor, events) => {
      if (events.length === 0) return;
      await turnstile(sessionId, () =>
        retryConflicts(async () => {
          const seq = await log.lastSeq(sessionId);
          await append(
            sessionId,
            seq,
            events.map((event) => ({ actor, event })),
          );
        }),
      );
    },
  };
}

function decideAll(
  from: SessionState,
  actor: Actor,
  commands: readonly (Command | EngineCommand)[],
): { readonly state: SessionState; readonly events: readonly Fact[] } | Refused {
  let state = from;
  const events: Fact[] = [];
  for (const command of commands) {
    const decision = decide(state, command);
    if (isRefused(decision)) return decision;
    for (const event of decision.events) state = evolve(state, { actor, event });
    events.push(...decision.events);
  }
  return { state, events };
}

async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let conflicts = 1; ; conflicts++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Conflict) || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}

/** One at a time for a session in this process: it spares most conflicts. Other processes are held off by the log itself. */
function createTurnstile() {
  const tails = new Map<SessionId, Promise<unknown>>();
  return <T>(sessionId: SessionId, work: () => Promise<T>): Promise<T> => {
    const before = tails.get(sessionId) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(sessionId, mine);
    const forget = () => {
      if (tails.get(sessionId) === mine) tails.delete(sessionId);
    };
    mine.then(forget, forget);
    return mine;
  };
}
