import type { Deckhand } from 'orchestrator/client';
import type { ArtifactId, SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import type { Thread } from './slack-api.ts';
import type { ThreadSender } from './thread-sender.ts';
import { foldEntry } from './thread-view/fold.ts';
import { slots, wantedPatches } from './thread-view/slots.ts';
import { emptyThread, isQuiet, type ThreadState } from './thread-view/thread-state.ts';

const PAGE = 500;
/** A settled session is forgotten after this; its log is read again when something happens. */
const UNLOAD_AFTER_MS = 5 * 60_000;
/** Between two tries to read a log that could not be read: doubled up to the longest, as it may never be. In milliseconds. */
const RETRY_MS = 5_000;
const RETRY_MAX_MS = 5 * 60_000;

export type FollowingDeps = {
  readonly deckhand: Pick<Deckhand, 'log' | 'artifact'>;
  readonly createSender: (sessionId: SessionId, thread: Thread) => ThreadSender;
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly modelLabel: string | null;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
};

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

type Sessions = Map<SessionId, Followed>;

/** The sessions that are followed, each read to the end of its log whenever that grows. */
export function createFollowing(deps: FollowingDeps) {
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

  return { sessions, advance, catchUp, tick: () => tick(deps, sessions), stop };
}

/** Moves elapsed times on, and forgets what has settled a while ago. */
function tick(deps: FollowingDeps, sessions: Sessions): void {
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
async function pull(deps: FollowingDeps, followed: Followed): Promise<void> {
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
async function loadPatches(deps: FollowingDeps, followed: Followed): Promise<void> {
  const missing = wantedPatches(followed.state).filter((id) => !followed.patches.has(id));
  for (const id of missing) followed.patches.set(id, await readPatch(deps, id));
}

async function readPatch(deps: FollowingDeps, artifactId: ArtifactId): Promise<string> {
  try {
    const artifact = await deps.deckhand.artifact(artifactId);
    return artifact ? new TextDecoder().decode(artifact.bytes) : '';
  } catch (err) {
    deps.log.warn({ err, artifactId }, 'patch could not be read');
    return '';
  }
}

function render(deps: FollowingDeps, followed: Followed): void {
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
