import {
  type Actor,
  type Again,
  type Command,
  commandSchema,
  isRefused,
  type Refused,
  requestOf,
  reword,
  type SessionId,
  type TurnId,
} from '../domain/index.ts';
import type { Engine } from '../engine/engine.ts';
import { cut } from '../engine/text.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import { ids } from '../platform/ids.ts';
import type { ArtifactStore, Bell, CodeHost, EventLog, Feed, SessionList } from '../ports.ts';
import { readAskAgain } from './ask-again.ts';
import type {
  AmendTurnRequest,
  AskAgainRequest,
  Deckhand,
  OpenSessionRequest,
  TurnRequest,
} from './client.ts';
import { follow } from './follow.ts';
import { chooseRepository, type RepositoryChoice } from './repository-choice.ts';

export type ClientDeps = {
  readonly engine: Engine;
  readonly log: EventLog;
  readonly sessions: SessionList;
  readonly artifacts: ArtifactStore;
  readonly feed: Feed;
  readonly bell: Bell;
  readonly faults: FaultPoints;
  readonly codeHost: CodeHost;
};

export function createClient(deps: ClientDeps): Deckhand {
  const { engine, log, bell, codeHost } = deps;

  async function execute(sessionId: SessionId, actor: Actor, ...commands: readonly Command[]) {
    const parsed = commands.map((command) => commandSchema.parse(command));
    const done = await engine.execute(sessionId, actor, ...parsed);
    if (isRefused(done)) return done;
    await deps.faults.at('bell.ring');
    bell.ring(sessionId);
    return done;
  }

  async function requestTurn(
    sessionId: SessionId,
    request: Wish,
    actor: Actor,
  ): Promise<{ readonly turnId: TurnId } | Refused> {
    const turnId = ids.turn(request.key);
    const done = await execute(sessionId, actor, turnCommand(turnId, request));
    return isRefused(done) ? done : { turnId };
  }

  async function askAgain(
    sessionId: SessionId,
    { turnId: of, why, key }: AskAgainRequest,
    actor: Actor,
  ): Promise<{ readonly turnId: TurnId } | Refused> {
    const request = await readAskAgain(log, sessionId, { of, why });
    return request ? requestTurn(sessionId, { key, ...request }, actor) : { refused: 'no_such_turn' };
  }

  async function amendTurn(sessionId: SessionId, amendment: AmendTurnRequest, actor: Actor) {
    const { state } = await engine.load(sessionId);
    const reworded = reword(state, amendment);
    if (isRefused(reworded)) return reworded;
    const { turnId } = amendment;
    return execute(sessionId, actor, { type: 'amend_turn', turnId, text: cut(reworded.text, 40_000) });
  }

  async function openSession(request: OpenSessionRequest, actor: Actor) {
    const sessionId = ids.session(request.sessionKey);
    const turnId = ids.turn(request.key);
    const choice = chooseRepository(request.text, await codeHost.repositories());
    if (isRefused(choice)) return choice;
    const open = openCommand(sessionId, request, choice);
    const done = await execute(
      sessionId,
      actor,
      open,
      turnCommand(turnId, { ...request, text: choice.text }),
    );
    if (!isRefused(done)) return { sessionId, turnId };
    if (done.refused !== 'session_exists') return done;
    const requested = await requestTurn(sessionId, request, actor);
    return isRefused(requested) ? requested : { sessionId, turnId };
  }

  return {
    openSession,
    requestTurn,
    askAgain,
    amendTurn,
    send: (sessionId, command, actor) => execute(sessionId, actor, command),
    ...readings(deps),
  };
}

function readings({ engine, log, sessions, artifacts, feed, codeHost }: ClientDeps) {
  return {
    session: async (sessionId) => {
      const summary = await sessions.get(sessionId);
      if (!summary) return null;
      const { state, seq } = await engine.load(sessionId);
      return { state, seq, summary };
    },
    sessionInThread: (thread) => sessions.inThread(thread),
    sessions: (query) => sessions.find({ ...query, limit: Math.min(query.limit, 100) }),
    log: (sessionId, page) =>
      log.read(sessionId, { afterSeq: page.afterSeq, limit: Math.min(page.limit, 1000) }),
    follow: (sessionId, options) => follow({ log, feed }, sessionId, options),
    onAdvance: (listener) =>
      feed.subscribe((message) => {
        if (message.kind === 'advanced') listener(message);
      }),
    artifact: (artifactId) => artifacts.get(artifactId),
    repositories: () => codeHost.repositories(),
  } satisfies Partial<Deckhand>;
}

function openCommand(
  sessionId: SessionId,
  { trigger }: OpenSessionRequest,
  { repository, text }: Exclude<RepositoryChoice, Refused>,
): Command {
  const title = titleOf(text);
  return {
    type: 'open_session',
    trigger,
    repository: repository.name,
    baseBranch: repository.defaultBranch,
    branch: branchName(title, sessionId),
    title,
  };
}

type Wish = TurnRequest & { readonly again?: Again };

function turnCommand(turnId: TurnId, request: Wish): Command {
  return {
    type: 'request_turn',
    turnId,
    text: cut(request.text, 40_000),
    ...(request.message && { message: request.message }),
    ...(request.again && { again: request.again }),
  };
}

/** The request's first line, without the thread that was quoted above it. */
function titleOf(text: string): string {
  const first =
    requestOf(text)
      .split('\n')
      .find((line) => line.trim()) ?? 'Untitled';
  return cut(first.trim(), 200);
}

/** `deckhand/fix-the-failing-test-3f9a12`: words of the title, and enough of the id to be one of its kind. */
function branchName(title: string, sessionId: SessionId): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `deckhand/${words || 'work'}-${sessionId.slice(4, 10).toLowerCase()}`;
}
