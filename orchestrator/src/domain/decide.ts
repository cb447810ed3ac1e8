import { againRefusal } from './again.ts';
import type { Command, DiscardReport, EngineCommand, PullRequestReport } from './commands.ts';
import { type Decision, happened, QUEUE_LIMIT, refuse } from './decision.ts';
import type { Fact } from './events.ts';
import { FAILURES } from './failures.ts';
import type { TurnId } from './ids.ts';
import type { OpenSession, Running, SessionState, Turn, Waiting } from './session-state.ts';
import { closeSession, discardWork, dropHeld, releaseHeld, stopRun } from './stopping.ts';

/** Waits before the second, third … try of a turn, in milliseconds. A turn has one try more than there are waits. */
export const RETRY_WAITS_MS = [3_000, 15_000, 60_000, 180_000] as const;

/** Whether a command may happen in a state, and what then happened. Pure. */
export function decide(state: SessionState, command: Command | EngineCommand): Decision {
  if (command.type === 'open_session') {
    if (state.status !== 'unopened') return refuse('session_exists');
    return happened({ ...command, type: 'session.opened' });
  }
  if (state.status === 'unopened') return refuse('no_such_session');
  switch (command.type) {
    case 'request_turn':
    case 'amend_turn':
    case 'cancel_turn':
    case 'stop_run':
    case 'release_held':
    case 'drop_held':
    case 'discard_work':
    case 'answer_question':
    case 'request_pull_request':
    case 'close_session':
    case 'reopen_session':
      return decideForPerson(state, command);
    default:
      return decideForEngine(state, command);
  }
}

function decideForPerson(state: OpenSession, command: Exclude<Command, { type: 'open_session' }>): Decision {
  switch (command.type) {
    case 'request_turn':
      return requestTurn(state, command);
    case 'amend_turn':
      return amendTurn(state, command);
    case 'cancel_turn':
      return cancelTurn(state, command);
    case 'stop_run':
      return stopRun(state, command.turnId);
    case 'release_held':
      return releaseHeld(state, command);
    case 'drop_held':
      return dropHeld(state, command);
    case 'discard_work':
      return discardWork(state, command.turnId);
    case 'answer_question': {
      if (state.status !== 'running' || state.question?.questionId !== command.questionId)
        return refuse('no_such_question');
      return happened({
        type: 'question.answered',
        questionId: command.questionId,
        answers: command.answers,
        ...(command.message && { message: command.message }),
      });
    }
    case 'request_pull_request':
      return requestPullRequest(state, command);
    case 'close_session':
      return closeSession(state, command.reason);
    case 'reopen_session':
      return state.status === 'closed' ? happened({ type: 'session.reopened' }) : refuse('session_open');
  }
}

function requestTurn(state: OpenSession, command: Extract<Command, { type: 'request_turn' }>): Decision {
  if (state.knownTurns.includes(command.turnId)) return refuse('duplicate_turn');
  const refused = command.again && againRefusal(state, command.again);
  if (refused) return refuse(refused);
  if (state.queue.length >= QUEUE_LIMIT) return refuse('queue_full');
  const requested: Fact = {
    type: 'turn.requested',
    turnId: command.turnId,
    text: command.text,
    ...(command.message && { message: command.message }),
    ...(command.again && { again: command.again }),
  };
  // Who writes into a closed session's thread wants it to go on.
  return state.status === 'closed' ? happened({ type: 'session.reopened' }, requested) : happened(requested);
}

/** What the agent has been told cannot be taken back: a turn is put in other words until its first run was prepared. */
function amendTurn(state: OpenSession, { turnId, text }: Extract<Command, { type: 'amend_turn' }>): Decision {
  const begun = turnAtWork(state, turnId);
  if (begun?.isTold) return refuse('turn_begun');
  const turn = begun?.turn ?? waitingTurn(state, turnId);
  if (!turn) return refuse('no_such_turn');
  return turn.text === text ? refuse('turn_unchanged') : happened({ type: 'turn.amended', turnId, text });
}

function cancelTurn(
  state: OpenSession,
  { turnId, reason }: Extract<Command, { type: 'cancel_turn' }>,
): Decision {
  if (waitingTurn(state, turnId))
    return happened({ type: 'turn.cancelled', turnId, ...(reason && { reason }) });
  return refuse(turnAtWork(state, turnId) ? 'turn_running' : 'no_such_turn');
}

function waitingTurn(state: OpenSession, turnId: TurnId): Turn | undefined {
  return [...state.queue, ...state.held].find((turn) => turn.turnId === turnId);
}

/** The state when this turn runs or waits for its next try. */
function turnAtWork(state: OpenSession, turnId: TurnId): Running | Waiting | null {
  const isAtWork = state.status === 'running' || state.status === 'waiting';
  return isAtWork && state.turn.turnId === turnId ? state : null;
}

function requestPullRequest(
  state: OpenSession,
  command: Extract<Command, { type: 'request_pull_request' }>,
): Decision {
  if (!state.change || state.change.fileCount === 0) return refuse('nothing_to_publish');
  if (state.discarding) return refuse('already_discarding');
  if (state.publishing) return refuse('pull_request_pending');
  if (state.pullRequest?.state === 'open') return refuse('pull_request_open');
  // All of it was merged: what comes next is counted from the base's new head.
  const { pullRequest, change } = state;
  if (pullRequest?.state === 'merged' && pullRequest.headSha === change.headSha)
    return refuse('nothing_to_publish');
  const { title, body, draft } = command;
  return happened({ type: 'pull_request.requested', title, body, draft });
}

function decideForEngine(state: OpenSession, command: EngineCommand): Decision {
  if (command.type === 'start_run') return startRun(state, command);
  if (command.type === 'report_pull_request') return reportPullRequest(state, command.report);
  if (command.type === 'report_discard') return reportDiscard(state, command.report);
  if (command.type === 'expire_question') {
    if (state.status !== 'running' || state.question?.questionId !== command.questionId)
      return refuse('no_such_question');
    return happened({ type: 'question.expired', questionId: command.questionId });
  }
  if (state.status !== 'running' || state.runId !== runIdOf(command)) return refuse('stale_run');
  switch (command.type) {
    case 'prepare_run':
      return happened({ type: 'run.prepared', ...command.prepared });
    case 'finish_run':
      return happened({ ...withChange(command), type: 'run.finished', summary: command.summary });
    case 'confirm_stop':
      return stopped(state, command);
    case 'fail_run':
      return failRun(state, command);
    case 'report_check':
      return happened({ type: 'check.finished', ...command.check });
    case 'add_artifact':
      return happened({ type: 'artifact.added', ...command.artifact });
    case 'ask_question':
      if (state.askedQuestions.includes(command.question.questionId)) return refuse('duplicate_question');
      return happened({ type: 'question.asked', ...command.question });
  }
}

type RunCommand = Exclude<
  EngineCommand,
  { type: 'start_run' | 'report_pull_request' | 'report_discard' | 'expire_question' }
>;

function runIdOf(command: RunCommand): string {
  switch (command.type) {
    case 'prepare_run':
      return command.prepared.runId;
    case 'report_check':
      return command.check.runId;
    case 'add_artifact':
      return command.artifact.runId;
    case 'ask_question':
      return command.question.runId;
    case 'finish_run':
    case 'confirm_stop':
    case 'fail_run':
      return command.runId;
  }
}

function withChange(command: Extract<EngineCommand, { type: 'finish_run' | 'confirm_stop' | 'fail_run' }>) {
  return { runId: command.runId, ...(command.change && { change: command.change }) };
}

function startRun(state: OpenSession, command: Extract<EngineCommand, { type: 'start_run' }>): Decision {
  if (state.status === 'running') return refuse('already_running');
  if (state.status === 'closed') return refuse('session_closed');
  const turn = state.status === 'waiting' ? state.turn : state.queue[0];
  if (!turn) return refuse('no_such_turn');
  const attempt = state.status === 'waiting' ? state.attempt + 1 : 1;
  return happened({
    type: 'run.started',
    runId: command.runId,
    turnId: turn.turnId,
    attempt,
    model: command.model,
  });
}

function stopped(
  { stopRequestedBy }: Running,
  command: Extract<EngineCommand, { type: 'confirm_stop' | 'fail_run' }>,
): Decision {
  return happened({
    ...withChange(command),
    type: 'run.stopped',
    ...(stopRequestedBy && { by: stopRequestedBy }),
    ...('summary' in command && command.summary && { summary: command.summary }),
  });
}

function failRun(state: Running, command: Extract<EngineCommand, { type: 'fail_run' }>): Decision {
  // Somebody wanted it to end and it has: whatever broke on the way, it is stopped and not tried again.
  if (state.stopRequestedBy) return stopped(state, command);
  const again = FAILURES[command.code].retryable;
  const waitMs = again ? RETRY_WAITS_MS[state.attempt - 1] : undefined;
  // A run that was lost with our own process has waited enough when we are back.
  const delayMs = command.code === 'run.lost' && waitMs !== undefined ? 0 : waitMs;
  const retryAt = delayMs === undefined ? null : new Date(command.now + delayMs).toISOString();
  const detail = command.detail.slice(0, 2000);
  return happened({ ...withChange(command), type: 'run.failed', code: command.code, detail, retryAt });
}

function reportPullRequest(state: OpenSession, report: PullRequestReport): Decision {
  switch (report.type) {
    case 'pull_request.opened':
      return state.pullRequest?.number === report.number ? refuse('pull_request_known') : happened(report);
    case 'pull_request.failed':
      return happened(report);
    case 'pull_request.updated':
      return state.pullRequest?.number === report.number && state.pullRequest.headSha !== report.headSha
        ? happened(report)
        : refuse('no_such_pull_request');
    case 'pull_request.merged':
    case 'pull_request.closed':
    case 'pull_request.reopened': {
      const target = {
        'pull_request.merged': 'merged',
        'pull_request.closed': 'closed',
        'pull_request.reopened': 'open',
      }[report.type];
      const known = state.pullRequest;
      // The code host tells us more than once: only what is new is written down.
      return known?.number === report.number && known.state !== target
        ? happened(report)
        : refuse('no_such_pull_request');
    }
  }
}

function reportDiscard(state: OpenSession, report: DiscardReport): Decision {
  return state.discarding && state.discardable?.turnId === report.turnId
    ? happened(report)
    : refuse('nothing_to_discard');
}
