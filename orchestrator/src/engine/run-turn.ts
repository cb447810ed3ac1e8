import type { AgentEvent, AgentOutcome } from 'sandboxes';
import {
  AGENT,
  type ArtifactId,
  type Change,
  type QuestionId,
  type RunId,
  type SessionId,
  SYSTEM,
} from '../domain/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import type { Logger } from '../platform/log.ts';
import type { ArtifactStore, EventLog, Feed } from '../ports.ts';
import { createQuestions } from './ask.ts';
import type { Engine } from './engine.ts';
import { failureOf, RunTimeout } from './failure.ts';
import { readHistory } from './history.ts';
import { type PlaceDeps, preparePlace, type ReadyPlace } from './place.ts';
import { promptText, type Situation } from './prompt.ts';
import { createRecorder } from './record.ts';
import type { Running } from './running.ts';
import { runChecks, saveWork } from './save-work.ts';
import { untilSilent } from './silence.ts';
import { confirmStop, endAndKeep } from './stop-run.ts';
import { cut } from './text.ts';
import { watchRun } from './watch-run.ts';

export type RunDeps = PlaceDeps & {
  readonly engine: Engine;
  readonly faults: FaultPoints;
  readonly log: EventLog;
  readonly feed: Feed;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: {
    readonly runTimeoutMs: number;
    readonly questionTimeoutMs: number;
    /** How long an agent may go on after it was told to stop; the default is what the contract of agents allows. */
    readonly silenceMs?: number;
  };
  readonly newIds: { readonly artifact: () => ArtifactId; readonly question: () => QuestionId };
  readonly secrets: readonly string[];
};

type Run = {
  readonly sessionId: SessionId;
  readonly runId: RunId;
  readonly session: Running;
  readonly seq: number;
};

/** Why a run was cut short from our side; null when it was not. */
type CutShort = { by: 'person' | 'time_limit' | null };

/**
 * One run of a turn from sandbox to result. Whatever happens, it ends with exactly one of run.finished, run.stopped
 * and run.failed in the log, but when `shutdown` aborts: then the run is left as it is and the next start goes on.
 */
export async function runTurn(deps: RunDeps, run: Run, shutdown: AbortSignal): Promise<void> {
  const { sessionId, runId, session } = run;
  const log = deps.logger.child({ sessionId, turnId: session.turn.turnId, runId });
  const controller = new AbortController();
  const cutShort: CutShort = { by: null };
  const end = (by: CutShort['by'], reason?: Error) => {
    cutShort.by ??= by;
    controller.abort(reason);
  };
  const tooLong = () => end('time_limit', new RunTimeout('the run took too long'));
  const timer = setTimeout(tooLong, deps.limits.runTimeoutMs);
  const attempt = createAttempt(deps, run, log);
  const endWatch = watchRun(
    {
      log: deps.log,
      feed: deps.feed,
      onError: (err: unknown) => log.error({ err }, 'order to the run was lost'),
    },
    { ...run, afterSeq: run.seq },
    { onStop: () => end('person'), onAnswer: attempt.answered },
  );
  if (session.stopRequestedBy) end('person');
  const signal = AbortSignal.any([shutdown, controller.signal]);
  try {
    const outcome = await untilSilent(attempt.work(signal), signal, deps.limits.silenceMs);
    if (shutdown.aborted) return;
    await deps.faults.at('run.before_settle');
    await settle(deps, attempt.run(), { attempt, outcome, cutShort, signal });
  } catch (error) {
    if (shutdown.aborted) return;
    await settleBroken(deps, attempt.run(), { attempt, error, cutShort, log });
  } finally {
    clearTimeout(timer);
    endWatch();
    attempt.close();
  }
}

type Attempt = ReturnType<typeof createAttempt>;

function createAttempt(deps: RunDeps, run: Run, log: Logger) {
  const { engine } = deps;
  const { sessionId, runId, session } = run;
  let place: ReadyPlace | null = null;
  let questions: ReturnType<typeof createQuestions> | null = null;
  let isOver = false;
  let current = run;
  const record = createRecorder({ ...deps, newArtifactId: deps.newIds.artifact }, run);

  const onProgress: Parameters<typeof preparePlace>[1]['onProgress'] = (step) =>
    engine.trace(sessionId, SYSTEM, [{ type: 'run.progressed', runId, step }]);

  async function work(signal: AbortSignal): Promise<AgentOutcome> {
    signal.throwIfAborted();
    const startedAt = deps.clock.now();
    place = await preparePlace(deps, { sessionId, runId, session, signal, onProgress });
    const { sandbox, conversation, resumed } = place;
    log.info({ sandboxId: sandbox.id, bootMs: deps.clock.now() - startedAt, resumed }, 'sandbox ready');
    const situation = await situationOf(deps, run, place);
    await engine.execute(sessionId, SYSTEM, {
      type: 'prepare_run',
      prepared: preparedOf(deps, runId, place),
    });
    await deps.faults.at('run.after_prepare');
    // Whoever changed the request while the sandbox started is heard; from here on nobody can.
    const { state } = await engine.load(sessionId);
    if (state.status === 'running' && state.runId === runId) current = { ...run, session: state };
    await onProgress('work');
    questions = createQuestions(
      { ...deps, newQuestionId: deps.newIds.question, timeoutMs: deps.limits.questionTimeoutMs, onError },
      { ...run, conversation },
    );
    return conversation.run({ text: promptText(current.session.turn, situation) }, { signal, onEvent });
  }

  async function onEvent(event: AgentEvent): Promise<void> {
    // An agent that did not fall silent in time is not heard any more.
    if (isOver) return;
    if (event.type === 'question') await questions?.asked(event);
    else await record(event);
  }

  const onError = (err: unknown) => log.warn({ err }, 'question could not be passed on');

  return {
    work,
    onProgress,
    place: () => place,
    /** The run with its request as the agent was told it. */
    run: () => current,
    answered: (answer: Parameters<NonNullable<typeof questions>['answered']>[0]) =>
      questions?.answered(answer),
    close: () => {
      isOver = true;
      questions?.close();
    },
  };
}

function preparedOf({ provider }: RunDeps, runId: RunId, place: ReadyPlace) {
  const { sandbox, conversation, baseSha, startSha, resumed } = place;
  return {
    runId,
    sandboxId: sandbox.id,
    provider: provider.id,
    isolation: provider.capabilities.isolation,
    agentSessionId: conversation.id,
    baseSha,
    startSha,
    resumed,
  };
}

/** What the agent has to be told beside the request. A session's first run begins with nothing behind it. */
async function situationOf(
  deps: RunDeps,
  { sessionId, session }: Run,
  place: ReadyPlace,
): Promise<Situation> {
  const { turn, attempt, change } = session;
  const { resumed, placeLost, baseSha } = place;
  const history =
    session.place === null && attempt === 1 ? null : await readHistory(deps.log, sessionId, turn.turnId);
  return {
    isInterrupted: attempt > 1,
    placeLost,
    isDiscarded: history?.isDiscarded ?? false,
    forgotten: resumed || !history ? null : { ...history, change, baseSha },
  };
}

/** Commits what there is. Without a place there is nothing to save. */
async function save(deps: RunDeps, { sessionId, session }: Run, attempt: Attempt): Promise<Change | null> {
  const place = attempt.place();
  if (!place) return null;
  const { sandbox, baseSha } = place;
  const { turn, title, branch } = session;
  return saveWork(deps, { sessionId, sandbox, baseSha, turn, title, branch });
}

async function check(deps: RunDeps, run: Run, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const place = attempt.place();
  if (!place) return;
  await attempt.onProgress('checks');
  const { sandbox, baseSha } = place;
  const checks = { sandbox, baseSha, runId: run.runId, signal, now: deps.clock.now };
  await runChecks(checks, async (result) => {
    await deps.engine.execute(run.sessionId, SYSTEM, { type: 'report_check', check: result });
  });
}

async function settle(
  deps: RunDeps,
  run: Run,
  end: {
    readonly attempt: Attempt;
    readonly outcome: AgentOutcome;
    readonly cutShort: CutShort;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { attempt, outcome, cutShort, signal } = end;
  const { sessionId, runId } = run;
  if (cutShort.by === 'person') return confirmStop(deps, run, attempt.place());
  const isFinished = outcome.type === 'finished';
  const change = isFinished ? await save(deps, run, attempt) : await endAndKeep(deps, run, attempt.place());
  const withChange = change ? { change } : {};
  await deps.faults.at('run.after_save');
  if (isFinished) {
    const isNew = change !== null && change.headSha !== run.session.change?.headSha;
    if (isNew) await check(deps, run, attempt, signal);
    const summary = cut(outcome.text.trim() || 'Done.', 12_000);
    await deps.engine.execute(sessionId, AGENT, { type: 'finish_run', runId, summary, ...withChange });
    return;
  }
  const code = cutShort.by === 'time_limit' ? ('run.timed_out' as const) : ('agent.interrupted' as const);
  const detail = outcome.type === 'interrupted' ? outcome.reason : code;
  const now = deps.clock.now();
  await deps.engine.execute(sessionId, SYSTEM, { type: 'fail_run', runId, code, detail, now, ...withChange });
}

async function settleBroken(
  deps: RunDeps,
  run: Run,
  end: {
    readonly attempt: Attempt;
    readonly error: unknown;
    readonly cutShort: CutShort;
    readonly log: Logger;
  },
): Promise<void> {
  const { attempt, log, cutShort } = end;
  const { sessionId, runId } = run;
  if (cutShort.by === 'person') return confirmStop(deps, run, attempt.place());
  const change = await endAndKeep(deps, run, attempt.place());
  const withChange = change ? { change } : {};
  const failure =
    cutShort.by === 'time_limit'
      ? { code: 'run.timed_out' as const, detail: 'time limit' }
      : failureOf(end.error);
  if (failure.code === 'run.internal') log.error({ err: end.error }, 'run broke');
  else log.warn({ err: end.error, code: failure.code }, 'run failed');
  const now = deps.clock.now();
  await deps.engine.execute(sessionId, SYSTEM, { type: 'fail_run', runId, ...failure, now, ...withChange });
}
