import { EventEmitter, on } from 'node:events';
import type { ArtifactMeta, Deckhand, Followed, SessionSummary } from 'orchestrator/client';
import {
  type Actor,
  AGENT,
  type ArtifactId,
  askAgain,
  type Command,
  decide,
  denied,
  type Entry,
  fold,
  isFact,
  type LiveEvent,
  type OpenSession,
  reword,
  type SessionEvent,
  type SessionId,
  type TurnId,
  threadOf,
} from 'orchestrator/domain';
import { ids as keyed } from 'orchestrator/platform/ids';

export type FakeArtifact = Omit<ArtifactMeta, 'size' | 'sessionId'> & { readonly bytes: Uint8Array };
export type Written = { readonly event: SessionEvent; readonly actor?: Actor; readonly at?: string };

/** A Deckhand that holds logs in memory, obeys the domain's rules, and does no work by itself. */
export type FakeDeckhand = Deckhand & {
  append(sessionId: SessionId, ...written: readonly Written[]): void;
  live(sessionId: SessionId, live: LiveEvent): void;
  keep(sessionId: SessionId, artifact: FakeArtifact): void;
  entries(sessionId: SessionId): readonly Entry[];
};

export function createFakeDeckhand(): FakeDeckhand {
  const logs = new Map<SessionId, Entry[]>();
  const artifacts = new Map<ArtifactId, { meta: ArtifactMeta; bytes: Uint8Array }>();
  const feed = new EventEmitter();
  feed.setMaxListeners(0);
  let ids = 0;
  const nextId = () => `01J${String(++ids).padStart(23, '0')}`;
  const entries = (sessionId: SessionId): readonly Entry[] => logs.get(sessionId) ?? [];

  function append(sessionId: SessionId, ...written: readonly Written[]): void {
    const log = logs.get(sessionId) ?? [];
    logs.set(sessionId, log);
    for (const { event, actor, at } of written) {
      const moment = at ?? new Date().toISOString();
      log.push({ sessionId, seq: log.length + 1, at: moment, actor: actor ?? AGENT, event });
    }
    feed.emit('advanced', { sessionId, seq: log.length });
  }

  function command(sessionId: SessionId, wish: Command, actor: Actor) {
    const decision = denied(actor) ?? decide(fold(entries(sessionId)), wish);
    if ('refused' in decision) return decision;
    append(sessionId, ...decision.events.map((event) => ({ event, actor })));
    return { seq: entries(sessionId).length };
  }

  return {
    append,
    entries,
    live: (sessionId, live) => feed.emit('live', { sessionId, live }),
    keep(sessionId, { bytes, ...meta }) {
      artifacts.set(meta.artifactId, { meta: { ...meta, sessionId, size: bytes.length }, bytes });
    },
    async openSession(request, actor) {
      const sessionId: SessionId = `ses_${nextId()}`;
      const turnId: TurnId = `trn_${nextId()}`;
      const opened = command(
        sessionId,
        {
          type: 'open_session',
          trigger: request.trigger,
          repository: 'acme/storefront',
          baseBranch: 'main',
          branch: 'deckhand/new',
          title: request.text.slice(0, 80),
        },
        actor,
      );
      if ('refused' in opened) return opened;
      const requested = command(sessionId, { type: 'request_turn', turnId, text: request.text }, actor);
      return 'refused' in requested ? requested : { sessionId, turnId };
    },
    async requestTurn(sessionId, request, actor) {
      const turnId = keyed.turn(request.key);
      const requested = command(sessionId, { type: 'request_turn', turnId, text: request.text }, actor);
      return 'refused' in requested ? requested : { turnId };
    },
    async askAgain(sessionId, { turnId: of, why, key }, actor) {
      const request = askAgain(entries(sessionId), { of, why });
      if (!request) return { refused: 'no_such_turn' };
      const turnId = keyed.turn(key);
      const requested = command(sessionId, { type: 'request_turn', turnId, ...request }, actor);
      return 'refused' in requested ? requested : { turnId };
    },
    async amendTurn(sessionId, amendment, actor) {
      const reworded = reword(fold(entries(sessionId)), amendment);
      if ('refused' in reworded) return reworded;
      return command(sessionId, { type: 'amend_turn', turnId: amendment.turnId, ...reworded }, actor);
    },
    send: async (sessionId, wish, actor) => command(sessionId, wish, actor),
    async session(sessionId) {
      const state = fold(entries(sessionId));
      if (state.status === 'unopened') return null;
      return { state, seq: entries(sessionId).length, summary: summaryOf(entries(sessionId), state) };
    },
    async sessionInThread(thread) {
      for (const [sessionId, log] of logs) {
        const state = fold(log);
        if (state.status !== 'unopened' && threadOf(state.trigger)?.threadTs === thread.threadTs)
          return sessionId;
      }
      return null;
    },
    async sessions(query) {
      const all = [...logs.values()].flatMap((log) => {
        const state = fold(log);
        return state.status === 'unopened' ? [] : [summaryOf(log, state)];
      });
      const words = (query.text ?? '').toLowerCase().split(/\s+/);
      const found = all
        .filter((one) => query.status === undefined || one.status === query.status)
        .filter((one) => words.every((word) => one.title.toLowerCase().includes(word)))
        .sort((one, other) => other.updatedAt.localeCompare(one.updatedAt));
      const from = Number(query.cursor ?? 0);
      const items = found.slice(from, from + query.limit);
      return { items, next: from + query.limit < found.length ? String(from + query.limit) : null };
    },
    log: async (sessionId, { afterSeq, limit }) => entries(sessionId).slice(afterSeq, afterSeq + limit),
    follow: (sessionId, { afterSeq, signal }) => follow({ feed, entries, sessionId, afterSeq, signal }),
    onAdvance(listener) {
      feed.on('advanced', listener);
      return () => void feed.off('advanced', listener);
    },
    artifact: async (artifactId) => artifacts.get(artifactId) ?? null,
    repositories: async () => [
      {
        name: 'acme/storefront',
        defaultBranch: 'main',
        description: 'The shop',
        url: 'http://127.0.0.1/acme/storefront',
      },
    ],
  };
}

async function* follow(options: {
  readonly feed: EventEmitter;
  readonly entries: (sessionId: SessionId) => readonly Entry[];
  readonly sessionId: SessionId;
  readonly afterSeq: number;
  readonly signal: AbortSignal;
}): AsyncGenerator<Followed> {
  const { feed, entries, sessionId, signal } = options;
  let last = options.afterSeq;
  const wakes = new EventEmitter();
  const onAdvanced = (advance: { sessionId: SessionId }) =>
    advance.sessionId === sessionId && wakes.emit('wake', null);
  const onLive = (message: { sessionId: SessionId; live: LiveEvent }) =>
    message.sessionId === sessionId && wakes.emit('wake', message.live);
  feed.on('advanced', onAdvanced);
  feed.on('live', onLive);
  try {
    const woken: AsyncIterable<readonly [LiveEvent | null]> = on(wakes, 'wake', { signal }) as never;
    wakes.emit('wake', null);
    for await (const [live] of woken) {
      for (const entry of entries(sessionId).slice(last)) {
        last = entry.seq;
        yield { kind: 'entry', entry };
      }
      if (live) yield { kind: 'live', live };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    feed.off('advanced', onAdvanced);
    feed.off('live', onLive);
  }
}

function summaryOf(log: readonly Entry[], state: OpenSession): SessionSummary {
  const events = log.map((entry) => entry.event);
  const [first, last] = [log[0], log.at(-1)];
  if (!first || !last) throw new Error('a summary needs an entry');
  const runs = events.filter((event) => event.type === 'run.started');
  const ends = events.filter((event) => isFact(event) && /^run\.(finished|failed|stopped)$/.test(event.type));
  const outcomes = { 'run.finished': 'finished', 'run.failed': 'failed', 'run.stopped': 'stopped' } as const;
  const end = ends.at(-1);
  const { title, repository, branch, openedBy, pullRequest, change } = state;
  return {
    sessionId: first.sessionId,
    seq: last.seq,
    status: state.status,
    title,
    repository,
    branch,
    openedBy,
    openedAt: first.at,
    updatedAt: last.at,
    thread: threadOf(state.trigger),
    turns: state.knownTurns.length,
    runs: runs.length,
    costUsd: events.reduce((sum, event) => sum + (event.type === 'agent.stepped' ? event.costUsd : 0), 0),
    model: runs.at(-1)?.model ?? null,
    lastOutcome: end && end.type in outcomes ? outcomes[end.type as keyof typeof outcomes] : null,
    waitingFor: state.status === 'running' && state.question ? 'answer' : null,
    change: change && {
      additions: change.additions,
      deletions: change.deletions,
      fileCount: change.fileCount,
    },
    pullRequest: pullRequest && {
      number: pullRequest.number,
      url: pullRequest.url,
      state: pullRequest.state,
    },
  };
}
