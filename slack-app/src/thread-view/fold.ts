import {
  type Entry,
  type Fact,
  type FactOf,
  isFact,
  type RunId,
  requestOf,
  type Trace,
  type TurnId,
  threadOf,
} from 'orchestrator/domain';
import {
  type HoldView,
  type PullRequestView,
  type QuestionView,
  stillHeld,
  type ThreadState,
  type TurnView,
} from './thread-state.ts';

/** How much of a request is kept, for restating it. */
const REQUEST_MAX = 8_000;
const SUMMARY_MAX = 4_000;
const CHECKS_MAX = 20;
const EVIDENCE_MAX = 50;
const SETBACKS_MAX = 10;
const HOLDS_MAX = 20;

/**
 * What a thread shows after one more entry. Pure and total; an entry that is in the state already changes nothing, so
 * pages of a log may overlap.
 */
export function foldEntry(state: ThreadState, entry: Entry): ThreadState {
  if (entry.seq <= state.seq) return state;
  const next = isFact(entry.event) ? onFact(state, entry, entry.event) : onTrace(state, entry.event);
  return { ...next, seq: entry.seq };
}

function onFact(state: ThreadState, entry: Entry, event: Fact): ThreadState {
  switch (event.type) {
    case 'session.opened': {
      const { repository, branch, title, trigger } = event;
      const openedAt = Date.parse(entry.at);
      return { ...state, repository, branch, title, openedAt, thread: threadOf(trigger) };
    }
    case 'session.closed':
    case 'session.reopened':
    case 'approval.requested':
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      return state;
    case 'turn.requested':
      return requested(state, entry, event);
    case 'turn.amended':
      return withTurn(state, (turn) => turn.turnId === event.turnId, {
        request: requestOf(event.text).slice(0, REQUEST_MAX),
      });
    case 'turn.cancelled':
      return withTurn(state, (turn) => turn.turnId === event.turnId, {
        status: 'cancelled',
        endedBy: event.reason === undefined ? entry.actor : null,
        settledAt: Date.parse(entry.at),
      });
    case 'queue.held':
    case 'queue.released':
      return onQueue(state, entry, event);
    case 'work.discard_requested':
    case 'work.discarded':
    case 'work.discard_failed':
      return onDiscard(state, entry, event);
    case 'artifact.added':
      return event.kind === 'screenshot' && state.evidence.length < EVIDENCE_MAX
        ? { ...state, evidence: [...state.evidence, { artifactId: event.artifactId, name: event.name }] }
        : state;
    case 'question.asked':
    case 'question.answered':
    case 'question.expired':
      return onQuestion(state, entry, event);
    case 'run.started':
    case 'run.prepared':
    case 'run.stop_requested':
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
    case 'check.finished':
      return onRun(state, entry, event);
    case 'pull_request.requested':
    case 'pull_request.opened':
    case 'pull_request.updated':
    case 'pull_request.failed':
    case 'pull_request.merged':
    case 'pull_request.closed':
    case 'pull_request.reopened':
      return onPullRequest(state, event);
  }
}

function requested(state: ThreadState, entry: Entry, event: FactOf<'turn.requested'>): ThreadState {
  if (state.turns.some((turn) => turn.turnId === event.turnId)) return state;
  const turn: TurnView = {
    turnId: event.turnId,
    status: 'queued',
    request: requestOf(event.text).slice(0, REQUEST_MAX),
    requestedBy: entry.actor,
    again: event.again ?? null,
    messageTs: event.message?.ts ?? null,
    startedAt: null,
    settledAt: null,
    runId: null,
    attempt: 0,
    model: null,
    step: null,
    todos: [],
    steps: 0,
    doing: null,
    costUsd: 0,
    setbacks: [],
    failure: null,
    stopRequestedBy: null,
    endedBy: null,
    summary: '',
    change: null,
    checks: [],
    startSha: null,
    discard: null,
  };
  return { ...state, turns: [...state.turns, turn] };
}

function onQueue(
  state: ThreadState,
  entry: Entry,
  { type, turnIds }: FactOf<'queue.held' | 'queue.released'>,
): ThreadState {
  const isMeant = (turn: TurnView) => turnIds.includes(turn.turnId) && turn.settledAt === null;
  if (type === 'queue.held') {
    const held = withTurn(state, isMeant, { status: 'held' });
    const hold = { key: holdKey(state, entry, turnIds), turnIds, by: entry.actor, releasedBy: null };
    return { ...held, holds: [...state.holds, hold].slice(-HOLDS_MAX) };
  }
  const isOfThem = (hold: HoldView) => stillHeld(state, hold).some(({ turnId }) => turnIds.includes(turnId));
  return {
    ...withTurn(state, isMeant, { status: 'queued' }),
    holds: patched(state.holds, isOfThem, { releasedBy: entry.actor }),
  };
}

/** By its first turn; by the entry as well when the same turns had been let go and are held again. */
function holdKey({ holds }: ThreadState, { seq }: Entry, [first]: readonly TurnId[]): string {
  const isAgain = holds.some(({ turnIds }) => turnIds[0] === first);
  return isAgain ? `${first}/${seq}` : `${first}`;
}

function onDiscard(
  state: ThreadState,
  { actor }: Entry,
  event: Extract<Fact, { type: `work.${string}` }>,
): ThreadState {
  const ofTurn = (turn: TurnView) => turn.turnId === event.turnId;
  switch (event.type) {
    case 'work.discard_requested':
      return withTurn(state, ofTurn, { discard: { state: 'asked', by: actor, code: null } });
    case 'work.discarded':
      return withTurn(state, ofTurn, (turn) => ({
        discard: { state: 'done', by: turn.discard?.by ?? actor, code: null },
        change: event.change ?? null,
      }));
    case 'work.discard_failed':
      return withTurn(state, ofTurn, (turn) => ({
        discard: { state: 'failed', by: turn.discard?.by ?? actor, code: event.code },
      }));
  }
}

type RunFact = Extract<Fact, { type: `run.${string}` | 'check.finished' }>;

function onRun(state: ThreadState, entry: Entry, event: RunFact): ThreadState {
  if (event.type === 'run.started') {
    return withTurn(
      state,
      (turn) => turn.turnId === event.turnId,
      (turn) => ({
        status: 'running',
        runId: event.runId,
        attempt: event.attempt,
        model: event.model,
        startedAt: turn.startedAt ?? Date.parse(entry.at),
        step: null,
        doing: null,
        checks: [],
        stopRequestedBy: null,
      }),
    );
  }
  const ofRun = (turn: TurnView) => turn.runId === event.runId && turn.settledAt === null;
  switch (event.type) {
    case 'run.prepared':
      return withTurn(state, ofRun, (turn) => ({
        step: 'work',
        startSha: turn.startSha ?? event.startSha ?? null,
      }));
    case 'run.stop_requested':
      return withTurn(state, ofRun, { stopRequestedBy: entry.actor });
    case 'check.finished': {
      const { command, exitCode, durationMs, output } = event;
      const check = { command, exitCode, durationMs, output };
      return withTurn(state, ofRun, (turn) => ({ checks: [...turn.checks, check].slice(-CHECKS_MAX) }));
    }
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
      return onRunEnd(dropQuestions(state, event), entry, event);
  }
}

type RunEnd = FactOf<'run.stopped'> | FactOf<'run.finished'> | FactOf<'run.failed'>;

function onRunEnd(state: ThreadState, entry: Entry, event: RunEnd): ThreadState {
  const ofRun = (turn: TurnView) => turn.runId === event.runId && turn.settledAt === null;
  const isTriedAgain = event.type === 'run.failed' && event.retryAt !== null;
  const settles = isTriedAgain ? undefined : state.turns.find(ofRun);
  const ended = withTurn(state, ofRun, endOf(entry, event));
  return settles ? { ...ended, lastSettled: settles.turnId } : ended;
}

/** What the end of a run makes of its turn. */
function endOf(entry: Entry, event: RunEnd): (turn: TurnView) => Partial<TurnView> {
  const settledAt = Date.parse(entry.at);
  switch (event.type) {
    case 'run.stopped':
      return (turn) => ({
        status: 'stopped',
        settledAt,
        endedBy: event.by ?? turn.stopRequestedBy ?? entry.actor,
        summary: event.summary?.slice(0, SUMMARY_MAX) ?? '',
        change: event.change ?? turn.change,
      });
    case 'run.finished':
      return (turn) => ({
        status: 'finished',
        settledAt,
        summary: event.summary.slice(0, SUMMARY_MAX),
        change: event.change ?? turn.change,
      });
    case 'run.failed':
      return (turn) => ({
        status: event.retryAt === null ? 'failed' : 'waiting',
        settledAt: event.retryAt === null ? settledAt : null,
        setbacks:
          event.retryAt === null ? turn.setbacks : [...turn.setbacks, event.code].slice(-SETBACKS_MAX),
        failure: { code: event.code, retryAt: event.retryAt === null ? null : Date.parse(event.retryAt) },
        doing: null,
        change: event.change ?? turn.change,
      });
  }
}

/** When its run is over, or asks something else, a question is answered by nobody any more. */
function dropQuestions(state: ThreadState, { runId }: { readonly runId: RunId }): ThreadState {
  return withQuestion(state, (question) => question.runId === runId && question.state === 'open', {
    state: 'dropped',
  });
}

type QuestionFact = Extract<Fact, { type: `question.${string}` }>;

function onQuestion(state: ThreadState, entry: Entry, event: QuestionFact): ThreadState {
  const sameOne = (question: QuestionView) =>
    question.questionId === event.questionId && question.state === 'open';
  switch (event.type) {
    case 'question.asked': {
      if (state.questions.some((question) => question.questionId === event.questionId)) return state;
      const before = dropQuestions(state, event);
      const question: QuestionView = {
        questionId: event.questionId,
        runId: event.runId,
        turnId: state.turns.find((turn) => turn.runId === event.runId)?.turnId ?? null,
        askedAt: Date.parse(entry.at),
        expiresAt: Date.parse(event.expiresAt),
        questions: event.questions,
        state: 'open',
        answeredBy: null,
        answerTs: null,
        answers: [],
      };
      return { ...before, questions: [...before.questions, question] };
    }
    case 'question.answered':
      return withQuestion(state, sameOne, {
        state: 'answered',
        answeredBy: entry.actor,
        answerTs: event.message?.ts ?? null,
        answers: event.answers,
      });
    case 'question.expired':
      return withQuestion(state, sameOne, { state: 'expired' });
  }
}

type PullRequestFact = Extract<Fact, { type: `pull_request.${string}` }>;

function onPullRequest(state: ThreadState, event: PullRequestFact): ThreadState {
  switch (event.type) {
    case 'pull_request.requested':
      return { ...state, publishing: true, publishFailure: null };
    case 'pull_request.failed':
      return { ...state, publishing: false, publishFailure: event.code };
    case 'pull_request.opened': {
      const { number, url, title, headSha, draft } = event;
      const opened: PullRequestView = {
        number,
        url,
        title,
        headSha,
        draft,
        state: 'open',
        by: null,
        updates: 0,
      };
      const others = state.pullRequests.filter((known) => known.number !== number);
      return { ...state, publishing: false, publishFailure: null, pullRequests: [...others, opened] };
    }
    case 'pull_request.updated':
      return withPullRequest(state, event.number, (known) => ({
        headSha: event.headSha,
        updates: known.updates + 1,
      }));
    case 'pull_request.merged':
      return withPullRequest(state, event.number, () => ({ state: 'merged', by: event.by }));
    case 'pull_request.closed':
      return withPullRequest(state, event.number, () => ({ state: 'closed', by: event.by }));
    case 'pull_request.reopened':
      return {
        ...withPullRequest(state, event.number, () => ({ state: 'open', by: null })),
        publishing: false,
      };
  }
}

function onTrace(state: ThreadState, event: Trace): ThreadState {
  const ofRun = (turn: TurnView) => turn.runId === event.runId && turn.settledAt === null;
  switch (event.type) {
    case 'agent.said':
    case 'agent.thought':
      return state;
    case 'agent.tool_started':
      return withTurn(state, ofRun, (turn) => ({
        steps: turn.steps + 1,
        doing: { tool: event.tool, title: event.title },
      }));
    case 'agent.tool_finished':
      return withTurn(state, ofRun, { doing: null });
    case 'agent.planned':
      return withTurn(state, ofRun, { todos: event.todos });
    case 'agent.stepped':
      return withTurn(state, ofRun, (turn) => ({ costUsd: turn.costUsd + event.costUsd }));
    case 'agent.waited':
      return withTurn(state, ofRun, { doing: { tool: 'wait', title: event.reason } });
    case 'run.progressed':
      return withTurn(state, ofRun, { step: event.step, doing: null });
  }
}

type Patch<T> = Partial<T> | ((known: T) => Partial<T>);

function withTurn(
  state: ThreadState,
  which: (turn: TurnView) => boolean,
  patch: Patch<TurnView>,
): ThreadState {
  return { ...state, turns: patched(state.turns, which, patch) };
}

function withQuestion(
  state: ThreadState,
  which: (question: QuestionView) => boolean,
  patch: Patch<QuestionView>,
): ThreadState {
  return { ...state, questions: patched(state.questions, which, patch) };
}

function withPullRequest(state: ThreadState, number: number, patch: Patch<PullRequestView>): ThreadState {
  return { ...state, pullRequests: patched(state.pullRequests, (known) => known.number === number, patch) };
}

function patched<T>(items: readonly T[], which: (item: T) => boolean, patch: Patch<T>): readonly T[] {
  if (!items.some(which)) return items;
  return items.map((item) =>
    which(item) ? { ...item, ...(typeof patch === 'function' ? patch(item) : patch) } : item,
  );
}
