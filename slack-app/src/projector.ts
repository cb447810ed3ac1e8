import type { Deckhand } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import { createFollowing, type FollowingDeps } from './following.ts';
import type { Outbox } from './outbox.ts';
import type { Sign, ThreadSender } from './thread-sender.ts';
import { emptyThread, type ThreadState } from './thread-view/thread-state.ts';

/** Elapsed time on a card moves this often when nothing else happens. */
const TICK_MS = 15_000;
/** At start, sessions without activity for this long are not looked at. */
const RECENT_MS = 7 * 24 * 60 * 60_000;

export type ProjectorDeps = FollowingDeps & {
  readonly deckhand: Pick<Deckhand, 'onAdvance' | 'sessions'>;
  readonly outbox: Pick<Outbox, 'due' | 'stuckIn' | 'thread'>;
  /** How often the sweep looks for threads that are behind and that nobody looks after. In milliseconds. */
  readonly sweepEveryMs: number;
};

/** Keeps every session's thread as its log says. */
export interface Projector {
  /** Follows all sessions from now on and catches up with what happened before. */
  start(): Promise<void>;
  /** What a session's thread shows, up to the end of its log. Rejects when that could not be read. */
  state(sessionId: SessionId): Promise<ThreadState>;
  /** The sender of a session's thread; null for a session without one. Rejects when its log could not be read. */
  sender(sessionId: SessionId): Promise<ThreadSender | null>;
  /** The same, without having the log read: null also for a thread that nobody looks after now. */
  loaded(sessionId: SessionId): ThreadSender | null;
  /** All threads that somebody looks after now. */
  senders(): readonly ThreadSender[];
  /** Takes up at once what the sweep would find. */
  sweep(): Promise<void>;
  /** There is a sign that Slack, or one channel of it, takes messages again. */
  nudge(sign: Sign, channel: string | null): void;
  /** Has every thread look again what it may send. */
  wake(): void;
  close(): Promise<void>;
}

export function createProjector(deps: ProjectorDeps): Projector {
  const { sessions, advance, catchUp, tick, stop } = createFollowing(deps);
  const timers: NodeJS.Timeout[] = [];
  let unsubscribe: (() => void) | null = null;
  let sweptAt = 0;

  /** Every turn gets its final: also one whose entries nobody told us of, or whose sender died. */
  async function sweep(): Promise<void> {
    const now = deps.clock.now();
    // Why a place refused us may have been mended while nobody looked: at the start all that is stuck is tried.
    const found = await deps.outbox.due(sweptAt === 0 ? Number.MAX_SAFE_INTEGER : now);
    const since = sweptAt === 0 ? now - RECENT_MS : sweptAt - 2 * deps.sweepEveryMs;
    for (const sessionId of new Set([...found, ...(await behindSince(deps, since))])) {
      // Another process may have asked us to look for a copy.
      sessions.get(sessionId)?.sender?.wake({ reload: found.has(sessionId) });
      await catchUp(sessionId);
    }
    sweptAt = now;
  }

  /** Threads of a channel that nobody has in mind, because all that is left in them waits for the channel. */
  async function takeUp(channel: string): Promise<void> {
    try {
      for (const sessionId of await deps.outbox.stuckIn(channel)) await catchUp(sessionId);
    } catch (err) {
      deps.log.warn({ err, channel }, 'stuck threads could not be taken up');
    }
  }

  let sweeping: Promise<void> | null = null;

  /** One at a time: who asks while one is under way gets that one. */
  function sweepSafely(): Promise<void> {
    sweeping ??= sweep()
      .catch((err: unknown) => deps.log.error({ err }, 'threads could not be swept'))
      .finally(() => {
        sweeping = null;
      });
    return sweeping;
  }

  return {
    start: async () => {
      unsubscribe = deps.deckhand.onAdvance(({ sessionId }) => void catchUp(sessionId));
      timers.push(setInterval(tick, TICK_MS));
      timers.push(setInterval(() => void sweepSafely(), deps.sweepEveryMs));
      await sweepSafely();
    },
    state: async (sessionId) => {
      await advance(sessionId);
      return sessions.get(sessionId)?.state ?? emptyThread(sessionId);
    },
    sender: async (sessionId) => {
      await advance(sessionId);
      return sessions.get(sessionId)?.sender ?? null;
    },
    loaded: (sessionId) => sessions.get(sessionId)?.sender ?? null,
    senders: () => [...sessions.values()].flatMap(({ sender }) => sender ?? []),
    sweep: sweepSafely,
    nudge: (sign, channel) => {
      for (const { state, sender } of sessions.values())
        if (channel === null || state.thread?.channel === channel) sender?.nudge(sign);
      if (sign === 'mended' && channel !== null) void takeUp(channel);
    },
    wake: () => {
      for (const { sender } of sessions.values()) sender?.wake();
    },
    close: async () => {
      unsubscribe?.();
      for (const timer of timers) clearInterval(timer);
      await stop();
    },
  };
}

/** Sessions with activity since then whose thread may not show all of their log. Newest first, so old ones cost nothing. */
async function behindSince(deps: ProjectorDeps, sinceMs: number): Promise<ReadonlySet<SessionId>> {
  const found = new Set<SessionId>();
  const since = new Date(sinceMs).toISOString();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Deckhand['sessions']>> = await deps.deckhand.sessions({
      limit: 100,
      ...(cursor && { cursor }),
    });
    const recent = page.items.filter((session) => session.updatedAt >= since);
    for (const session of recent.filter((one) => one.thread !== null)) {
      const shown = await deps.outbox.thread(session.sessionId);
      if (session.seq > (shown?.seq ?? 0)) found.add(session.sessionId);
    }
    cursor = recent.length === page.items.length ? page.next : null;
  } while (cursor);
  return found;
}
