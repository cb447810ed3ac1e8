import {
  type Actor,
  type Command,
  Conflict,
  decide,
  denied,
  type EngineCommand,
  type Entry,
  evolve,
  type Fact,
  isRefused,
  type Refused,
  type SessionId,
  type SessionState,
  type Trace,
} from '../domain/index.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import { createTurnstile } from '../platform/turnstile.ts';
import type { EventLog, Feed, LoadedSession, NewEntry, SessionList } from '../ports.ts';
import { catchUp } from './recover.ts';
import { createSessionCache } from './session-cache.ts';

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

/** Conflicts in a row after which something other than a race must be wrong. */
const MAX_CONFLICTS = 20;

type Deps = {
  readonly log: EventLog;
  readonly sessions: SessionList;
  readonly feed: Feed;
  readonly faults: FaultPoints;
};

/** Load, decide, append; on conflict, again. */
export function createEngine(deps: Deps): Engine {
  const { log, feed, faults } = deps;
  const cache = createSessionCache(log);
  // It spares most conflicts. Other processes are held off by the log itself.
  const turnstile = createTurnstile();

  async function append(
    sessionId: SessionId,
    expectedSeq: number,
    entries: readonly NewEntry[],
  ): Promise<readonly Entry[]> {
    await faults.at('engine.before_append');
    const written = await log.append(sessionId, expectedSeq, entries);
    await faults.at('engine.after_append');
    await project(deps, sessionId, written);
    await faults.at('engine.after_project');
    const last = written.at(-1);
    if (last) feed.publish({ kind: 'advanced', sessionId, seq: last.seq });
    return written;
  }

  async function executeOnce(
    sessionId: SessionId,
    actor: Actor,
    commands: readonly (Command | EngineCommand)[],
  ) {
    const session = await cache.load(sessionId);
    const decided = decideAll(session.state, actor, commands);
    if (isRefused(decided)) return decided;
    const entries = decided.events.map((event) => ({ actor, event }));
    const written = await append(sessionId, session.seq, entries);
    return { seq: cache.keep(sessionId, { state: decided.state, seq: session.seq + written.length }).seq };
  }

  return {
    load: (sessionId) => turnstile(sessionId, () => cache.load(sessionId)),
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

/** Brings the session list up to date; what it missed (a crash after an append) is read from the log. */
async function project(deps: Deps, sessionId: SessionId, written: readonly Entry[]): Promise<void> {
  try {
    await deps.sessions.apply(sessionId, written);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    await catchUp(deps, sessionId);
  }
}

function decideAll(
  from: SessionState,
  actor: Actor,
  commands: readonly (Command | EngineCommand)[],
): { readonly state: SessionState; readonly events: readonly Fact[] } | Refused {
  const refusal = denied(actor);
  if (refusal) return refusal;
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
