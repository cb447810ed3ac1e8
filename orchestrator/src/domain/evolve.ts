import type { Actor } from './actor.ts';
import type { Entry, Fact, FactOf } from './events.ts';
import { isFact } from './events.ts';
import type {
  Closed,
  Idle,
  OpenSession,
  PullRequest,
  Running,
  SessionFacts,
  SessionState,
  Turn,
  Waiting,
} from './session-state.ts';
import { UNOPENED } from './session-state.ts';

type FactEntry<F extends Fact = Fact> = { readonly actor: Actor; readonly event: F };

/**
 * What a session's state is after one more entry. Total: an entry that makes no sense in a state leaves it as it is, so
 * that any prefix of any log, and a log of an older release, folds.
 */
export function evolve(state: SessionState, entry: Pick<Entry, 'actor' | 'event'>): SessionState {
  const { event, actor } = entry;
  if (!isFact(event)) return state;
  if (state.status === 'unopened') return event.type === 'session.opened' ? opened(event, actor) : state;
  return onSession(state, { event, actor });
}

export function fold(
  entries: Iterable<Pick<Entry, 'actor' | 'event'>>,
  from: SessionState = UNOPENED,
): SessionState {
  let state = from;
  for (const entry of entries) state = evolve(state, entry);
  return state;
}

function opened(event: FactOf<'session.opened'>, actor: Actor): Idle {
  return {
    status: 'idle',
    trigger: event.trigger,
    repository: event.repository,
    baseBranch: event.baseBranch,
    branch: event.branch,
    title: event.title,
    openedBy: actor,
    queue: [],
    held: [],
    knownTurns: [],
    lastSettled: null,
    place: null,
    change: null,
    pullRequest: null,
    publishing: null,
    unpublishable: null,
    discardable: null,
    discarding: false,
  };
}

function onSession(state: OpenSession, entry: FactEntry): OpenSession {
  const { event, actor } = entry;
  switch (event.type) {
    case 'session.opened':
      return state;
    case 'session.closed':
      return { ...factsOf(state), status: 'closed' } satisfies Closed;
    case 'session.reopened':
      return state.status === 'closed' ? { ...state, status: 'idle' } : state;
    case 'turn.requested':
      return requested(state, { event, actor });
    case 'turn.amended':
      return amended(state, event);
    case 'turn.cancelled':
      return {
        ...state,
        queue: state.queue.filter((turn) => turn.turnId !== event.turnId),
        held: state.held.filter((turn) => turn.turnId !== event.turnId),
      };
    case 'queue.held':
    case 'queue.released':
      return { ...state, ...moved(state, event) };
    case 'work.discard_requested':
      return { ...state, discarding: state.discardable?.turnId === event.turnId };
    case 'work.discarded':
      return {
        ...state,
        discarding: false,
        discardable: null,
        unpublishable: null,
        change: event.change ?? null,
      };
    case 'work.discard_failed':
      return { ...state, discarding: false };
    case 'run.started':
      return started(state, event);
    case 'run.prepared':
    case 'run.stop_requested':
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
    case 'check.finished':
    case 'artifact.added':
    case 'question.asked':
    case 'question.answered':
    case 'question.expired':
    case 'approval.requested':
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      return onRun(state, { event, actor });
    case 'pull_request.requested':
    case 'pull_request.opened':
    case 'pull_request.updated':
    case 'pull_request.failed':
    case 'pull_request.merged':
    case 'pull_request.closed':
    case 'pull_request.reopened':
      return { ...state, ...published(state, { event, actor }) };
  }
}

function requested(state: OpenSession, { event, actor }: FactEntry<FactOf<'turn.requested'>>): OpenSession {
  if (state.knownTurns.includes(event.turnId)) return state;
  const { turnId, text, message = null, again = null } = event;
  const turn: Turn = { turnId, text, requestedBy: actor, message, again };
  return { ...state, queue: [...state.queue, turn], knownTurns: [...state.knownTurns, turnId] };
}

function amended(state: OpenSession, { turnId, text }: FactOf<'turn.amended'>): OpenSession {
  const inOtherWords = (turn: Turn): Turn => (turn.turnId === turnId ? { ...turn, text } : turn);
  const line = { queue: state.queue.map(inOtherWords), held: state.held.map(inOtherWords) };
  if (state.status !== 'running' && state.status !== 'waiting') return { ...state, ...line };
  return { ...state, ...line, turn: inOtherWords(state.turn) };
}

/** Turns between the line and those that are held; released ones come first, because they were requested first. */
function moved(
  { queue, held }: SessionFacts,
  { type, turnIds }: FactOf<'queue.held' | 'queue.released'>,
): Pick<SessionFacts, 'queue' | 'held'> {
  const isMeant = (turn: Turn) => turnIds.includes(turn.turnId);
  const isOther = (turn: Turn) => !isMeant(turn);
  return type === 'queue.held'
    ? { queue: queue.filter(isOther), held: [...held, ...queue.filter(isMeant)] }
    : { queue: [...held.filter(isMeant), ...queue], held: held.filter(isOther) };
}

function started(state: OpenSession, event: FactOf<'run.started'>): OpenSession {
  const waiting = state.status === 'waiting' && state.turn.turnId === event.turnId ? state.turn : null;
  const turn = waiting ?? state.queue.find((queued) => queued.turnId === event.turnId);
  if (!turn || state.status === 'running' || state.status === 'closed') return state;
  return {
    ...factsOf(state),
    status: 'running',
    queue: state.queue.filter((queued) => queued.turnId !== event.turnId),
    turn,
    runId: event.runId,
    attempt: event.attempt,
    isTold: state.status === 'waiting' && state.isTold,
    startSha: state.status === 'waiting' ? state.startSha : null,
    discardable: null,
    discarding: false,
    stopRequestedBy: null,
    question: null,
    askedQuestions: [],
    approvals: [],
  } satisfies Running;
}

type RunFact = Extract<Fact, { runId: string } | { questionId: string } | { approvalId: string }>;

function onRun(
  state: OpenSession,
  { event, actor }: FactEntry<Exclude<RunFact, FactOf<'run.started'>>>,
): OpenSession {
  // A turn that waits for its next try can be stopped too: then it is over.
  if (event.type === 'run.stopped' && state.status === 'waiting') return stopped(state, event);
  if (state.status !== 'running') return state;
  switch (event.type) {
    case 'run.prepared':
      return {
        ...state,
        place: placeOf(event),
        isTold: true,
        startSha: startOf(state, event),
        unpublishable: null,
      };
    case 'run.stop_requested':
      return { ...state, stopRequestedBy: actor };
    case 'run.stopped':
      return stopped(state, event);
    case 'run.finished':
      return settled(state, event.change ?? null);
    case 'run.failed':
      return failed(state, event);
    case 'check.finished':
    case 'artifact.added':
      return state;
    case 'question.asked':
      return { ...state, question: event, askedQuestions: [...state.askedQuestions, event.questionId] };
    case 'question.answered':
    case 'question.expired':
      return state.question?.questionId === event.questionId ? { ...state, question: null } : state;
    case 'approval.requested':
      return { ...state, approvals: [...state.approvals, event] };
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      return { ...state, approvals: state.approvals.filter((open) => open.approvalId !== event.approvalId) };
  }
}

function placeOf(event: FactOf<'run.prepared'>) {
  const { sandboxId, provider, isolation, agentSessionId, baseSha } = event;
  return { sandboxId, provider, isolation, agentSessionId, baseSha };
}

/** A new sandbox does not have the commits of the one before: then the turn begins again in it. */
function startOf({ place, startSha }: Running, event: FactOf<'run.prepared'>): string | null {
  return startSha !== null && place?.sandboxId === event.sandboxId ? startSha : (event.startSha ?? null);
}

function stopped(state: Running | Waiting, { change }: FactOf<'run.stopped'>): Idle {
  const { turn, startSha } = state;
  return {
    ...settled(state, change ?? null),
    discardable: startSha === null ? null : { turnId: turn.turnId, startSha },
    // Work that somebody stopped half-way is not shown to reviewers by itself.
    unpublishable: (change ?? state.change)?.headSha ?? null,
  };
}

function settled(state: Running | Waiting, change: SessionFacts['change']): Idle {
  const lastSettled = state.turn.turnId;
  return { ...factsOf(state), status: 'idle', lastSettled, change: change ?? state.change };
}

function failed(state: Running, event: FactOf<'run.failed'>): OpenSession {
  if (event.retryAt === null) return settled(state, event.change ?? null);
  return {
    ...factsOf(state),
    status: 'waiting',
    change: event.change ?? state.change,
    turn: state.turn,
    runId: event.runId,
    attempt: state.attempt,
    isTold: state.isTold,
    startSha: state.startSha,
    retryAt: event.retryAt,
    code: event.code,
  } satisfies Waiting;
}

type PullRequestFact = Extract<Fact, { type: `pull_request.${string}` }>;

function published(state: SessionFacts, { event, actor }: FactEntry<PullRequestFact>): Partial<SessionFacts> {
  switch (event.type) {
    case 'pull_request.requested':
      return { publishing: { title: event.title, body: event.body, draft: event.draft, requestedBy: actor } };
    case 'pull_request.opened': {
      const { number, url, title, headSha, draft } = event;
      return {
        publishing: null,
        unpublishable: null,
        pullRequest: { number, url, title, headSha, draft, state: 'open' },
      };
    }
    case 'pull_request.updated':
      return { unpublishable: null, ...changed(state, { headSha: event.headSha }) };
    case 'pull_request.failed':
      return { publishing: null, unpublishable: state.change?.headSha ?? null };
    case 'pull_request.merged':
      return changed(state, { state: 'merged' });
    case 'pull_request.closed':
      return changed(state, { state: 'closed' });
    case 'pull_request.reopened':
      // Who asked for one has it again.
      return { publishing: null, ...changed(state, { state: 'open' }) };
  }
}

function changed(state: SessionFacts, change: Partial<PullRequest>): Partial<SessionFacts> {
  return state.pullRequest ? { pullRequest: { ...state.pullRequest, ...change } } : {};
}

/** Drops what is only true while something runs. */
function factsOf(state: OpenSession): SessionFacts {
  const { trigger, repository, baseBranch, branch, title, openedBy } = state;
  const { queue, held, knownTurns, lastSettled, place, change } = state;
  const { pullRequest, publishing, unpublishable, discardable, discarding } = state;
  return {
    trigger,
    repository,
    baseBranch,
    branch,
    title,
    openedBy,
    queue,
    held,
    knownTurns,
    lastSettled,
    place,
    change,
    pullRequest,
    publishing,
    unpublishable,
    discardable,
    discarding,
  };
}
