import { type Agent, hasClone, type Sandbox } from 'sandboxes';
import { type Change, RETRY_WAITS_MS, type RunId, type SessionId, SYSTEM } from '../domain/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import type { Logger } from '../platform/log.ts';
import type { EventLog } from '../ports.ts';
import type { Engine } from './engine.ts';
import { readHistory } from './history.ts';
import { findSandbox, type PlaceDeps } from './place.ts';
import type { Running } from './running.ts';
import { type SaveDeps, saveWork } from './save-work.ts';
import { silence } from './silence.ts';
import { cut } from './text.ts';

type StopDeps = Pick<PlaceDeps, 'provider'> &
  SaveDeps & {
    readonly engine: Engine;
    readonly faults: FaultPoints;
    readonly log: EventLog;
    readonly clock: Clock;
    readonly logger: Logger;
  };

type EndedRun = {
  readonly sessionId: SessionId;
  readonly runId: RunId;
  readonly session: Running;
};

/** Where a run that is to end works, as far as it got. */
type EndedPlace = {
  readonly sandbox: Sandbox;
  readonly agent: Agent | null;
  readonly baseSha: string;
};

/** How long the sandbox of a run that is to end is looked for, in milliseconds. */
const LOOK_MS = 30_000;

/**
 * The end of a run that somebody stopped: nothing is left running in its sandbox, the work is kept, and the log says
 * what was done so far. It is a stop even where the sandbox cannot be reached any more.
 */
export async function confirmStop(deps: StopDeps, run: EndedRun, place: EndedPlace | null): Promise<void> {
  const { sessionId, runId, session } = run;
  const change = await endAndKeep(deps, run, place);
  await deps.faults.at('run.after_save');
  const { lastWords } = await readHistory(deps.log, sessionId, session.turn.turnId);
  const summary = cut(lastWords.trim(), 12_000);
  await deps.engine.execute(sessionId, SYSTEM, {
    type: 'confirm_stop',
    runId,
    ...(summary && { summary }),
    ...(change && { change }),
  });
}

/** Ends all that runs for a run and commits what there is; null when there is no work or it cannot be reached. */
export async function endAndKeep(
  deps: StopDeps,
  run: EndedRun,
  place: EndedPlace | null,
): Promise<Change | null> {
  try {
    const found = place ?? (await placeOf(deps, run));
    if (!found) return null;
    await silence(deps.provider, found);
    return await keep(deps, run, found);
  } catch (err) {
    deps.logger.warn({ err, sessionId: run.sessionId, runId: run.runId }, 'work could not be saved');
    return null;
  }
}

async function placeOf(deps: StopDeps, { sessionId, session }: EndedRun): Promise<EndedPlace | null> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const sandbox = await findSandbox(deps.provider, { sessionId, session, signal });
  return sandbox && { sandbox, agent: null, baseSha: session.place?.baseSha ?? '' };
}

/** Before the first run got as far as naming its base there is nothing to keep. */
async function keep(
  deps: StopDeps,
  { sessionId, session }: EndedRun,
  { sandbox, baseSha }: EndedPlace,
): Promise<Change | null> {
  if (baseSha === '' || !(await hasClone(sandbox))) return null;
  const { turn, title, branch } = session;
  return saveWork(deps, { sessionId, sandbox, baseSha, turn, title, branch });
}

/**
 * Records the end of a run that the log holds as going on but that nobody works on: its process died. One that somebody
 * had stopped is stopped; the others are tried again, and after the last try what there is of the work is kept.
 */
export async function endLostRun(deps: StopDeps, sessionId: SessionId, session: Running): Promise<void> {
  const { runId } = session;
  const run = { sessionId, runId, session };
  if (session.stopRequestedBy) return confirmStop(deps, run, null);
  const isLast = session.attempt > RETRY_WAITS_MS.length;
  const change = isLast ? await endAndKeep(deps, run, null) : null;
  await deps.engine.execute(sessionId, SYSTEM, {
    type: 'fail_run',
    runId,
    code: 'run.lost',
    detail: 'the process that worked on it is gone',
    now: deps.clock.now(),
    ...(change && { change }),
  });
}
