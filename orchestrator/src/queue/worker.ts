import { type RunId, type SessionId, SYSTEM } from '../domain/index.ts';
import type { Engine } from '../engine/engine.ts';
import { nextStep } from '../engine/next-step.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import type { LoadedSession } from '../ports.ts';

type Deps = {
  readonly engine: Engine;
  readonly faults: FaultPoints;
  readonly now: () => number;
  readonly newRunId: () => RunId;
  readonly modelName: string;
  readonly ringAt: (sessionId: SessionId, at: number) => void;
  readonly runTurn: (
    run: { sessionId: SessionId; runId: RunId; session: Running; seq: number },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly publish: (sessionId: SessionId, session: Idle, signal: AbortSignal) => Promise<void>;
};

type Running = Extract<LoadedSession['state'], { status: 'running' }>;
type Idle = Extract<LoadedSession['state'], { status: 'idle' }>;

/** Whoever is rung calls this: it does the session's next step until nothing is left to do. */
export function createWorker(deps: Deps): (sessionId: SessionId, signal: AbortSignal) => Promise<void> {
  const { engine } = deps;

  /** A run that the log holds as going on but that nobody here works on: its process died. */
  async function declareLost(sessionId: SessionId, runId: RunId): Promise<void> {
    const detail = 'the process that worked on it is gone';
    await engine.execute(sessionId, SYSTEM, {
      type: 'fail_run',
      runId,
      code: 'run.lost',
      detail,
      now: deps.now(),
    });
  }

  async function startRun(sessionId: SessionId, signal: AbortSignal): Promise<void> {
    const runId = deps.newRunId();
    await engine.execute(sessionId, SYSTEM, { type: 'start_run', runId, model: deps.modelName });
    const { state, seq } = await engine.load(sessionId);
    if (state.status === 'running' && state.runId === runId)
      await deps.runTurn({ sessionId, runId, session: state, seq }, signal);
  }

  /** Answers whether there may be more to do. */
  async function takeStep(sessionId: SessionId, signal: AbortSignal): Promise<boolean> {
    await deps.faults.at('worker.before_step');
    const { state } = await engine.load(sessionId);
    const step = nextStep(state, deps.now());
    switch (step.do) {
      case 'nothing':
        return false;
      case 'wait':
        deps.ringAt(sessionId, step.until);
        return false;
      case 'start_run':
        await startRun(sessionId, signal);
        return true;
      case 'follow_run':
        // The bell never lets two workers have one session, so a run that goes on when we are rung is nobody's.
        await declareLost(sessionId, step.runId);
        return true;
      case 'publish':
        if (state.status === 'idle') await deps.publish(sessionId, state, signal);
        return true;
    }
  }

  return async (sessionId, signal) => {
    while (!signal.aborted && (await takeStep(sessionId, signal))) {
      // Each step has written what it did; the next look at the log says what is left.
    }
  };
}
