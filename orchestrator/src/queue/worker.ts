import { type RunId, type SessionId, SYSTEM } from '../domain/index.ts';
import type { Engine } from '../engine/engine.ts';
import { nextStep } from '../engine/next-step.ts';
import type { Idle, Running } from '../engine/running.ts';
import type { FaultPoints } from '../platform/fault-points.ts';

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
  /** Ends a run whose process died. */
  readonly endLostRun: (sessionId: SessionId, session: Running) => Promise<void>;
  readonly publish: (sessionId: SessionId, session: Idle, signal: AbortSignal) => Promise<void>;
  readonly discard: (sessionId: SessionId, session: Idle, signal: AbortSignal) => Promise<void>;
};

/** Whoever is rung calls this: it does the session's next step until nothing is left to do. */
export function createWorker(deps: Deps): (sessionId: SessionId, signal: AbortSignal) => Promise<void> {
  const { engine } = deps;

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
        if (state.status === 'running') await deps.endLostRun(sessionId, state);
        return true;
      case 'publish':
        if (state.status === 'idle') await deps.publish(sessionId, state, signal);
        return true;
      case 'discard':
        if (state.status === 'idle') await deps.discard(sessionId, state, signal);
        return true;
    }
  }

  return async (sessionId, signal) => {
    for (let before = 0; !signal.aborted && (await takeStep(sessionId, signal)); ) {
      // Each step has written what it did; the next look at the log says what is left. One that wrote nothing would be
      // taken again for ever.
      const { seq } = await engine.load(sessionId);
      if (seq === before && !signal.aborted)
        throw new Error(`a step of ${sessionId} wrote nothing at ${seq}`);
      before = seq;
    }
  };
}
