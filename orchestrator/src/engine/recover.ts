import type { SessionId } from '../domain/index.ts';
import type { Checkpoints, EventLog, SessionList } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Running } from './running.ts';

/** Entries older than this before the last checkpoint are surely in every projection; in milliseconds. */
const MARGIN_MS = 5 * 60_000;
const CHECKPOINT = 'session-list';

/** Brings one session's line in the list up to date from its log. */
export async function catchUp(
  deps: { readonly log: EventLog; readonly sessions: SessionList },
  sessionId: SessionId,
): Promise<void> {
  let afterSeq = (await deps.sessions.get(sessionId))?.seq ?? 0;
  for (;;) {
    const page = await deps.log.read(sessionId, { afterSeq, limit: 1000 });
    if (page.length === 0) return;
    await deps.sessions.apply(sessionId, page);
    afterSeq = page.at(-1)?.seq ?? afterSeq;
  }
}

type RecoverDeps = {
  readonly log: EventLog;
  readonly sessions: SessionList;
  readonly checkpoints: Checkpoints;
  readonly now: () => number;
  /** Hears of a session that cannot be read. It keeps the others from nothing. */
  readonly onError: (error: unknown, sessionId: SessionId) => void;
};

/** After a crash the log may hold what the session list does not: entries since the last checkpoint are looked at again. */
export async function catchUpAll(deps: RecoverDeps): Promise<void> {
  const startedAt = deps.now();
  for await (const sessionId of deps.log.sessionsSince(await checkpoint(deps, startedAt)))
    await catchUp(deps, sessionId).catch((error: unknown) => deps.onError(error, sessionId));
  await deps.checkpoints.set(CHECKPOINT, new Date(startedAt - MARGIN_MS).toISOString());
}

/** A checkpoint that lies ahead is of a clock that was set back since: what came after it may have any time. */
async function checkpoint({ checkpoints }: RecoverDeps, now: number): Promise<string> {
  const kept = await checkpoints.get(CHECKPOINT);
  return kept !== null && Date.parse(kept) <= now ? kept : new Date(0).toISOString();
}

/** Catches up, then hands every session that is not settled to `ring`. */
export async function recover(deps: RecoverDeps, ring: (sessionId: SessionId) => void): Promise<void> {
  await catchUpAll(deps);
  for await (const sessionId of deps.sessions.unsettled()) ring(sessionId);
}

/**
 * For the start of a process, before anybody works: every run that the log holds as going on is nobody's. It is recorded
 * as lost at once, so that no thread shows work that does not go on while its session waits for its turn; and its
 * session is rung, so that what was under way comes before what only waited. Those that somebody had stopped are left
 * to their worker, because that takes their sandbox.
 */
export async function endLostRuns(
  deps: {
    readonly engine: Engine;
    readonly sessions: SessionList;
    readonly endLostRun: (sessionId: SessionId, session: Running) => Promise<void>;
    readonly onError: RecoverDeps['onError'];
  },
  ring: (sessionId: SessionId) => void,
): Promise<void> {
  for await (const sessionId of deps.sessions.unsettled()) {
    try {
      const { state } = await deps.engine.load(sessionId);
      if (state.status !== 'running') continue;
      if (!state.stopRequestedBy) await deps.endLostRun(sessionId, state);
      ring(sessionId);
    } catch (error) {
      deps.onError(error, sessionId);
    }
  }
}
