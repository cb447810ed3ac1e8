import { createHash } from 'node:crypto';
import type { Deckhand, SessionSummary } from 'orchestrator/client';
import {
  type Actor,
  type ArtifactId,
  askAgain,
  type Command,
  decide,
  denied,
  type EngineCommand,
  type Entry,
  evolve,
  type Fact,
  fold,
  isRefused,
  type Refused,
  reword,
  type SessionEvent,
  type SessionId,
  type TurnId,
  threadOf,
} from 'orchestrator/domain';

/** A Deckhand in memory over the real domain: sessions take commands as the product's do, and a test plays the engine. */
export type FakeDeckhand = Deckhand & {
  /** Appends what the agent or the engine did, as it is. */
  append(sessionId: SessionId, ...events: readonly SessionEvent[]): void;
  /** The same, but nobody is told, as when the process that wrote it died before it could ring. */
  appendUnheard(sessionId: SessionId, ...events: readonly SessionEvent[]): void;
  keepArtifact(artifactId: ArtifactId, name: string, bytes: Uint8Array): void;
  sessionIds(): readonly SessionId[];
  entries(sessionId: SessionId): readonly Entry[];
  /** The next calls of this method reject; those of `askAgain` after they have done their work. */
  fail(method: 'openSession' | 'requestTurn' | 'askAgain' | 'log', error: Error, times?: number): void;
};

const ENGINE: Actor = { kind: 'system' };

export function createFakeDeckhand(
  options: { readonly now?: () => number; readonly repositories?: readonly string[] } = {},
): FakeDeckhand {
  const logs = new Map<SessionId, Entry[]>();
  const artifacts = new Map<ArtifactId, { name: string; bytes: Uint8Array }>();
  const listeners = new Set<(advance: { sessionId: SessionId; seq: number }) => void>();
  const failures: { method: string; error: Error }[] = [];
  const now = options.now ?? Date.now;
  const repositories = options.repositories ?? ['acme/shop'];

  const entriesOf = (sessionId: SessionId) => logs.get(sessionId) ?? [];
  const stateOf = (sessionId: SessionId) => fold(entriesOf(sessionId));

  function note(sessionId: SessionId, actor: Actor, events: readonly SessionEvent[]): number {
    const log = entriesOf(sessionId);
    logs.set(sessionId, log);
    for (const event of events)
      log.push({ sessionId, seq: log.length + 1, at: new Date(now()).toISOString(), actor, event });
    return log.length;
  }

  function write(sessionId: SessionId, actor: Actor, events: readonly SessionEvent[]): number {
    const seq = note(sessionId, actor, events);
    for (const listener of listeners) listener({ sessionId, seq });
    return seq;
  }

  /** All or none, in one append, as the product does. */
  function execute(
    sessionId: SessionId,
    actor: Actor,
    ...commands: readonly (Command | EngineCommand)[]
  ): { seq: number } | Refused {
    const refusal = denied(actor);
    if (refusal) return refusal;
    let state = stateOf(sessionId);
    const events: Fact[] = [];
    for (const command of commands) {
      const decision = decide(state, command);
      if (isRefused(decision)) return decision;
      for (const event of decision.events) state = evolve(state, { actor, event });
      events.push(...decision.events);
    }
    return { seq: write(sessionId, actor, events) };
  }

  function failMaybe(method: string): void {
    const index = failures.findIndex((failure) => failure.method === method);
    const [failure] = index === -1 ? [] : failures.splice(index, 1);
    if (failure) throw failure.error;
  }

  return {
    append: (sessionId, ...events) => {
      write(sessionId, ENGINE, events);
    },
    appendUnheard: (sessionId, ...events) => {
      note(sessionId, ENGINE, events);
    },
    keepArtifact: (artifactId, name, bytes) => artifacts.set(artifactId, { name, bytes }),
    sessionIds: () => [...logs.keys()],
    entries: entriesOf,
    fail: (method, error, times = 1) => {
      for (let left = times; left > 0; left -= 1) failures.push({ method, error });
    },
    openSession: async (request, actor) => {
      failMaybe('openSession');
      if (repositories.length !== 1 && !/repo:\S+/.test(request.text))
        return { refused: repositories.length === 0 ? 'no_repository' : 'ambiguous_repository' };
      const sessionId: SessionId = `ses_${idOf(request.sessionKey)}`;
      const turnId: TurnId = `trn_${idOf(request.key)}`;
      const open = {
        type: 'open_session',
        trigger: request.trigger,
        repository: repositories[0] ?? '',
        baseBranch: 'main',
        branch: 'deckhand/fix-the-cart-3f9a12',
        title: request.text.slice(0, 60),
      } as const;
      const ask = { type: 'request_turn', turnId, ...content(request) } as const;
      const opened = execute(sessionId, actor, open, ask);
      const exists = isRefused(opened) && opened.refused === 'session_exists';
      return requested(sessionId, exists ? execute(sessionId, actor, ask) : opened, turnId);
    },
    requestTurn: async (sessionId, request, actor) => {
      failMaybe('requestTurn');
      const turnId: TurnId = `trn_${idOf(request.key)}`;
      const done = execute(sessionId, actor, { type: 'request_turn', turnId, ...content(request) });
      return isRefused(done) ? done : { turnId };
    },
    askAgain: async (sessionId, { turnId: of, why, key }, actor) => {
      const request = askAgain(entriesOf(sessionId), { of, why });
      if (!request) return { refused: 'no_such_turn' };
      const turnId: TurnId = `trn_${idOf(key)}`;
      const done = execute(sessionId, actor, { type: 'request_turn', turnId, ...request });
      failMaybe('askAgain');
      return isRefused(done) ? done : { turnId };
    },
    amendTurn: async (sessionId, amendment, actor) => {
      const reworded = reword(stateOf(sessionId), amendment);
      if (isRefused(reworded)) return reworded;
      const { turnId } = amendment;
      return execute(sessionId, actor, { type: 'amend_turn', turnId, ...reworded });
    },
    send: async (sessionId, command, actor) => execute(sessionId, actor, command),
    session: async (sessionId) => {
      const summary = summarise(entriesOf(sessionId));
      if (!summary) return null;
      return { state: stateOf(sessionId), seq: summary.seq, summary };
    },
    sessionInThread: async (thread) => {
      for (const [sessionId, log] of logs) {
        const at = summarise(log)?.thread;
        if (at?.channel === thread.channel && at.threadTs === thread.threadTs) return sessionId;
      }
      return null;
    },
    sessions: async ({ status }) => ({
      items: [...logs.values()]
        .flatMap((log) => summarise(log) ?? [])
        .filter((session) => status === undefined || session.status === status)
        .reverse(),
      next: null,
    }),
    log: async (sessionId, { afterSeq, limit }) => {
      failMaybe('log');
      return entriesOf(sessionId).slice(afterSeq, afterSeq + limit);
    },
    // biome-ignore lint/correctness/useYield: the Slack side follows by onAdvance.
    follow: async function* () {
      throw new Error('not part of this fake');
    },
    onAdvance: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    artifact: async (artifactId) => {
      const kept = artifacts.get(artifactId);
      if (!kept) return null;
      const [sessionId = 'ses_none'] = logs.keys();
      const meta = { artifactId, sessionId, name: kept.name, mime: 'text/plain', size: kept.bytes.length };
      return { meta, bytes: kept.bytes };
    },
    repositories: async () =>
      repositories.map((name) => ({ name, defaultBranch: 'main', description: '', url: '' })),
  };
}

function content(request: { text: string; message?: { channel: string; ts: string } }) {
  return { text: request.text, ...(request.message && { message: request.message }) };
}

function requested(sessionId: SessionId, done: { seq: number } | Refused, turnId: TurnId) {
  return isRefused(done) ? done : { sessionId, turnId };
}

function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 26);
}

function summarise(log: readonly Entry[]): SessionSummary | null {
  const [first] = log;
  const last = log.at(-1);
  const state = fold(log);
  if (!first || !last || state.status === 'unopened') return null;
  return {
    sessionId: first.sessionId,
    seq: last.seq,
    status: state.status,
    title: state.title,
    repository: state.repository,
    branch: state.branch,
    openedBy: state.openedBy,
    openedAt: first.at,
    updatedAt: last.at,
    thread: threadOf(state.trigger),
    turns: state.knownTurns.length,
    runs: 0,
    costUsd: 0,
    model: null,
    lastOutcome: null,
    waitingFor: null,
    change: null,
    pullRequest: state.pullRequest,
  };
}
