import type { SessionId } from '../domain/index.ts';
import type { Checkpoints, EventLog, SessionList } from '../ports.ts';

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

/**
 * After a crash the log may hold what the session list does not. Entries since the last checkpoint are looked at again,
 * then every session that is not settled is handed to `ring`.
 */
export async function recover(
  deps: {
    readonly log: EventLog;
    readonly sessions: SessionList;
    readonly checkpoints: Checkpoints;
    readonly now: () => number;
  },
  ring: (sessionId: SessionId) => void,
): Promise<void> {
  const startedAt = deps.now();
  const since = (await deps.checkpoints.get(CHECKPOINT)) ?? new Date(0).toISOString();
  for await (const sessionId of deps.log.sessionsSince(since)) await catchUp(deps, sessionId);
  await deps.checkpoints.set(CHECKPOINT, new Date(startedAt - MARGIN_MS).toISOString());
  for await (const sessionId of deps.sessions.unsettled()) ring(sessionId);
}
