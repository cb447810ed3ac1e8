import type { AgentEvent, AgentOutcome } from 'sandboxes';
import {
  AGENT,
  type ArtifactId,
  type Change,
  type OpenSession,
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
import { type PlaceDeps, preparePlace, type ReadyPlace } from './place.ts';
import { promptText } from './prompt.ts';
import { createRecorder } from './record.ts';
import { runChecks, saveWork } from './save-work.ts';
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
  readonly limits: { readonly runTimeoutMs: number; readonly questionTimeoutMs: number };
  readonly newIds: { readonly artifact: () => ArtifactId; readonly question: () => QuestionId };
  readonly secrets: readonly string[];
};

type Running = Extract<OpenSession, { status: 'running' }>;
type Run = {
  readonly sessionId: SessionId;
  readonly runId: RunId;
  readonly session: Running;
  readonly seq: number;
};

/** Why a run was cut short from our side. */
type Ended = { stoppedByPerson: boolean; timedOut: boolean };

/**
 * One run of a turn from sandbox to result. Whatever happens, it ends with exactly one of run.finished, run.stopped
 * and run.failed in the log, but when `shutdown` aborts: then the run is left as it is and the next start goes on.
 */
export async function runTurn(deps: RunDeps, run: Run, shutdown: AbortSignal): Promise<void> {
  const log = deps.logger.child({
    sessionId: run.sessionId,
    turnId: run.session.turn.turnId,
    runId: run.runId,
  });
  const cutShort = new AbortController();
  const ended: Ended = { stoppedByPerson: false, timedOut: false };
  const signal = AbortSignal.any([shutdown, cutShort.signal]);
  const timer = setTimeout(() => {
    ended.timedOut = true;
    cutShort.abort(new RunTimeout('the run took too long'));
  }, deps.limits.runTimeoutMs);
  const stop = () => {
    ended.stoppedByPerson = true;
    cutShort.abort();
  };
  const attempt = createAttempt(deps, run, log);
  const onError = (err: unknown) => log.error({ err }, 'order to the run was lost');
  const endWatch = watchRun(
    { log: deps.log, feed: deps.feed, onError },
    { ...run, afterSeq: run.seq },
    { onStop: stop, onAnswer: attempt.answered },
  );
  if (run.session.stopRequestedBy) stop();
  try {
    const outcome = await attempt.work(signal);
    if (shutdown.aborted) return;
    await deps.faults.at('run.before_settle');
    await settle(deps, run, attempt, { outcome, ended });
  } catch (error) {
    if (shutdown.aborted) return;
    await settleBroken(deps, run, attempt, { error, ended, log });
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
  const record = createRecorder({ ...deps, newArtifactId: deps.newIds.artifact }, run);

  const onProgress: Parameters<typeof preparePlace>[1]['onProgress'] = (step) =>
    engine.trace(sessionId, SYSTEM, [{ type: 'run.progressed', runId, step }]);

  async function work(signal: AbortSignal): Promise<AgentOutcome> {
    signal.throwIfAborted();
    const startedAt = deps.clock.now();
    place = await preparePlace(deps, { sessionId, runId, session, signal, onProgress });
    const { sandbox, conversation, baseSha, resumed } = place;
    log.info({ sandboxId: sandbox.id, bootMs: deps.clock.now() - startedAt, resumed }, 'sandbox ready');
    const { id: provider, capabilities } = deps.provider;
    const prepared = {
      runId,
      sandboxId: sandbox.id,
      provider,
      isolation: capabilities.isolation,
      agentSessionId: conversation.id,
      baseSha,
      resumed,
    };
    await engine.execute(sessionId, SYSTEM, { type: 'prepare_run', prepared });
    await deps.faults.at('run.after_prepare');
    await onProgress('work');
    questions = createQuestions(
      { ...deps, newQuestionId: deps.newIds.question, timeoutMs: deps.limits.questionTimeoutMs, onError },
      { ...run, conversation },
    );
    const text = promptText(session.turn, situationOf(session, place));
    return conversation.run({ text }, { signal, onEvent });
  }

  async function onEvent(event: AgentEvent): Promise<void> {
    if (event.type === 'question') await questions?.asked(event);
    else await record(event);
  }

  const onError = (err: unknown) => log.warn({ err }, 'question could not be passed on');

  /** Commits what there is. Without a place there is nothing to save. */
  async function save(): Promise<Change | null> {
    if (!place) return null;
    const { sandbox, baseSha } = place;
    const save = { sessionId, sandbox, baseSha, turn: session.turn, title: session.title };
    return saveWork({ artifacts: deps.artifacts, newArtifactId: deps.newIds.artifact }, save);
  }

  async function check(signal: AbortSignal): Promise<void> {
    if (!place) return;
    await onProgress('checks');
    const checks = { sandbox: place.sandbox, baseSha: place.baseSha, runId, signal, now: deps.clock.now };
    await runChecks(checks, async (result) => {
      await engine.execute(sessionId, SYSTEM, { type: 'report_check', check: result });
    });
  }

  return {
    work,
    save,
    check,
    onProgress,
    answered: (answer: Parameters<NonNullable<typeof questions>['answered']>[0]) =>
      questions?.answered(answer),
    close: () => questions?.close(),
  };
}

function situationOf(session: Running, place: ReadyPlace) {
  const continues = session.attempt > 1;
  // The agent has forgotten, but there was work before: it is told what there is.
  const forgot = !place.resumed && session.change !== null;
  const doneBefore = forgot
    ? `Earlier in this session you changed ${session.change?.fileCount} file(s) on this branch; see git log and git diff ${place.baseSha}.`
    : null;
  return { continues, placeLost: place.placeLost, doneBefore };
}

async function settle(
  deps: RunDeps,
  run: Run,
  attempt: Attempt,
  end: { readonly outcome: AgentOutcome; readonly ended: Ended },
): Promise<void> {
  const { engine } = deps;
  const { sessionId, runId } = run;
  const change = await attempt.save();
  await deps.faults.at('run.after_save');
  const withChange = change ? { change } : {};
  if (end.outcome.type === 'finished') {
    if (change && change.headSha !== run.session.change?.headSha)
      await attempt.check(AbortSignal.timeout(deps.limits.runTimeoutMs));
    const summary = cut(end.outcome.text.trim() || 'Done.', 12_000);
    await engine.execute(sessionId, AGENT, { type: 'finish_run', runId, summary, ...withChange });
    return;
  }
  if (end.ended.stoppedByPerson) {
    await engine.execute(sessionId, SYSTEM, { type: 'confirm_stop', runId, ...withChange });
    return;
  }
  const code = end.ended.timedOut ? ('run.timed_out' as const) : ('agent.interrupted' as const);
  const detail = end.outcome.type === 'interrupted' ? end.outcome.reason : code;
  await engine.execute(sessionId, SYSTEM, {
    type: 'fail_run',
    runId,
    code,
    detail,
    now: deps.clock.now(),
    ...withChange,
  });
}

async function settleBroken(
  deps: RunDeps,
  run: Run,
  attempt: Attempt,
  end: { readonly error: unknown; readonly ended: Ended; readonly log: Logger },
): Promise<void> {
  const { sessionId, runId } = run;
  const { log, ended } = end;
  const change = await attempt.save().catch((err: unknown) => {
    log.warn({ err }, 'work could not be saved');
    return null;
  });
  const withChange = change ? { change } : {};
  if (ended.stoppedByPerson) {
    await deps.engine.execute(sessionId, SYSTEM, { type: 'confirm_stop', runId, ...withChange });
    return;
  }
  const failure = ended.timedOut
    ? { code: 'run.timed_out' as const, detail: 'time limit' }
    : failureOf(end.error);
  if (failure.code === 'run.internal') log.error({ err: end.error }, 'run broke');
  else log.warn({ err: end.error, code: failure.code }, 'run failed');
  await deps.engine.execute(sessionId, SYSTEM, {
    type: 'fail_run',
    runId,
    ...failure,
    now: deps.clock.now(),
    ...withChange,
  });
}
