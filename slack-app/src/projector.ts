import type { Deckhand } from 'orchestrator/client';
import type { ArtifactId, SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import type { Outbox } from './outbox.ts';
import type { Thread } from './slack-api.ts';
import type { Sign, ThreadSender } from './thread-sender.ts';
import { foldEntry } from './thread-view/fold.ts';
import { slots, wantedPatches } from './thread-view/slots.ts';
import { emptyThread, isQuiet, type ThreadState } from './thread-view/thread-state.ts';

const PAGE = 500;
/** Elapsed time on a card moves this often when nothing else happens. */
const TICK_MS = 15_000;
/** A settled session is forgotten after this; its log is read again when something happens. */
const UNLOAD_AFTER_MS = 5 * 60_000;
/** At start, sessions without activity for this long are not looked at. */
const RECENT_MS = 7 * 24 * 60 * 60_000;
/** Between two tries to read a log that could not be read: doubled up to the longest, as it may never be. In milliseconds. */
const RETRY_MS = 5_000;
const RETRY_MAX_MS = 5 * 60_000;

export type ProjectorDeps = {
  readonly deckhand: Pick<Deckhand, 'log' | 'onAdvance' | 'sessions' | 'artifact'>;
  readonly outbox: Outbox;
  readonly createSender: (sessionId: SessionId, thread: Thread) => ThreadSender;
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly modelLabel: string | null;
  /** How often the sweep looks for threads that are behind and that nobody looks after. In milliseconds. */
  readonly sweepEveryMs: number;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
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

/** One session that is being followed. */
type Followed = {
  state: ThreadState;
  sender: ThreadSender | null;
  patches: Map<string, string>;
  pulling: Promise<void> | null;
  /** Of the next try to read a log that could not be read. */
  retry: NodeJS.Timeout | null;
  isBehind: boolean;
  /** Failed readings in a row. */
  failures: number;
  /** Milliseconds since the epoch. */
  touchedAt: number;
};

export function createProjector(deps: ProjectorDeps): Projector {
  const { sessions, advance, catchUp, stop } = createFollowing(deps);
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
      timers.push(setInterval(() => tick(deps, sessions), TICK_MS));
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

type Sessions = Map<SessionId, Followed>;

/** The sessions that are followed, each read to the end of its log whenever that grows. */
function createFollowing(deps: ProjectorDeps) {
  const sessions: Sessions = new Map();
  let isClosed = false;

  /** Rejects when the log could not be read, which is tried again by itself then. */
  function advance(sessionId: SessionId): Promise<void> {
    if (isClosed) return Promise.resolve();
    const followed = sessions.get(sessionId) ?? newFollowed(sessionId);
    sessions.set(sessionId, followed);
    followed.touchedAt = deps.clock.now();
    followed.isBehind = true;
    followed.pulling ??= pull(deps, followed)
      .then(() => {
        followed.failures = 0;
      })
      .catch((err: unknown) => {
        deps.log.error({ err, sessionId }, 'session could not be projected');
        retryLater(followed);
        throw err;
      })
      .finally(() => {
        followed.pulling = null;
        // The log grew while the last pull was ending.
        if (followed.isBehind && followed.retry === null) void catchUp(sessionId);
      });
    return followed.pulling;
  }

  /** However many ask for it meanwhile, it is tried again once. */
  function retryLater(followed: Followed): void {
    if (followed.retry !== null) return;
    const waitMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** followed.failures++);
    followed.retry = setTimeout(() => {
      followed.retry = null;
      void catchUp(followed.state.sessionId);
    }, waitMs).unref();
  }

  /** For who does not wait for it: a failure has been said where it happened. */
  async function catchUp(sessionId: SessionId): Promise<void> {
    await advance(sessionId).catch(() => undefined);
  }

  async function stop(): Promise<void> {
    isClosed = true;
    await Promise.allSettled([...sessions.values()].map((followed) => followed.pulling));
    await Promise.all([...sessions.values()].map((followed) => followed.sender?.close()));
  }

  return { sessions, advance, catchUp, stop };
}

/** Moves elapsed times on, and forgets what has settled a while ago. */
function tick(deps: ProjectorDeps, sessions: Sessions): void {
  for (const [sessionId, followed] of sessions) {
    if (followed.pulling !== null) continue;
    if (!isQuiet(followed.state)) render(deps, followed);
    else if (isForgettable(followed, deps.clock.now())) {
      sessions.delete(sessionId);
      followed.sender
        ?.close()
        .catch((err: unknown) => deps.log.warn({ err, sessionId }, 'thread could not be let go'));
    }
  }
}

function newFollowed(sessionId: SessionId): Followed {
  return {
    state: emptyThread(sessionId),
    sender: null,
    patches: new Map(),
    pulling: null,
    retry: null,
    isBehind: true,
    failures: 0,
    touchedAt: 0,
  };
}

function isForgettable(followed: Followed, now: number): boolean {
  return (followed.sender?.isDone() ?? true) && now - followed.touchedAt > UNLOAD_AFTER_MS;
}

/** Reads the log to its end, however often it grows meanwhile, and says what the thread should hold. */
async function pull(deps: ProjectorDeps, followed: Followed): Promise<void> {
  const { sessionId } = followed.state;
  while (followed.isBehind) {
    followed.isBehind = false;
    for (;;) {
      const entries = await deps.deckhand.log(sessionId, { afterSeq: followed.state.seq, limit: PAGE });
      await deps.faults.at('projector.before_fold');
      followed.state = entries.reduce(foldEntry, followed.state);
      if (entries.length < PAGE) break;
    }
    await loadPatches(deps, followed);
    render(deps, followed);
  }
}

/** Small changes are shown inline; a patch that cannot be read only costs that. */
async function loadPatches(deps: ProjectorDeps, followed: Followed): Promise<void> {
  const missing = wantedPatches(followed.state).filter((id) => !followed.patches.has(id));
  for (const id of missing) followed.patches.set(id, await readPatch(deps, id));
}

async function readPatch(deps: ProjectorDeps, artifactId: ArtifactId): Promise<string> {
  try {
    const artifact = await deps.deckhand.artifact(artifactId);
    return artifact ? new TextDecoder().decode(artifact.bytes) : '';
  } catch (err) {
    deps.log.warn({ err, artifactId }, 'patch could not be read');
    return '';
  }
}

function render(deps: ProjectorDeps, followed: Followed): void {
  const { state } = followed;
  if (!state.thread) return;
  followed.sender ??= deps.createSender(state.sessionId, {
    channel: state.thread.channel,
    threadTs: state.thread.threadTs,
  });
  const context = {
    now: deps.clock.now(),
    sessionUrl: deps.sessionUrl(state.sessionId),
    modelLabel: deps.modelLabel,
    patches: followed.patches,
  };
  const { seq, openedAt } = state;
  followed.sender.want({ slots: slots(state, context), seq, openedAt, isQuiet: isQuiet(state) });
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
