import type { SessionSummary } from 'orchestrator/client';
import { type Entry, evolve, type OpenSession, type SessionState, type Todo } from 'orchestrator/domain';
import { planAfter } from './plan.ts';
import { NO_WORK, type Work, workAfter } from './work.ts';

/** A session as its page shows it: what the server knew, and what has come since. */
export type SessionView = {
  readonly state: OpenSession;
  /** The last entry that is in `state`. */
  readonly seq: number;
  readonly summary: SessionSummary;
  /** The agent's own plan for the turn in work or the last one; null where it has made none. */
  readonly plan: readonly Todo[] | null;
  /** When the run that goes on has started; null while none does. */
  readonly runningSince: string | null;
  readonly work: Work;
};

/**
 * What the server knew. `tail` is the end of the log: the plan, the start of the run and who held what are found in it,
 * as far as it reaches back.
 */
export function viewOf(
  session: { readonly state: SessionState; readonly seq: number; readonly summary: SessionSummary },
  tail: readonly Entry[],
): SessionView | null {
  const { state, seq, summary } = session;
  if (state.status === 'unopened') return null;
  let plan: SessionView['plan'] = null;
  let runningSince: string | null = null;
  let work = NO_WORK;
  for (const entry of tail) {
    const { event, at } = entry;
    if (entry.seq > seq) break;
    plan = planAfter(plan, event);
    if (event.type === 'run.started') runningSince = at;
    work = workAfter(work, entry);
  }
  return {
    state,
    seq,
    summary,
    plan,
    runningSince: state.status === 'running' ? (runningSince ?? summary.openedAt) : null,
    work,
  };
}

/** The view one entry later. An entry that is in it already changes nothing. */
export function advance(view: SessionView, entry: Entry): SessionView {
  if (entry.seq <= view.seq) return view;
  const state = evolve(view.state, entry);
  if (state.status === 'unopened') return view;
  const { event, at } = entry;
  const isNew = entry.seq > view.summary.seq;
  return {
    state,
    seq: entry.seq,
    summary: isNew ? summaryAfter(view.summary, { state, entry }) : view.summary,
    plan: planAfter(view.plan, event),
    runningSince: sinceWhen(view, state, event.type === 'run.started' ? at : null),
    work: workAfter(view.work, entry),
  };
}

function sinceWhen(view: SessionView, state: OpenSession, startedAt: string | null): string | null {
  return state.status === 'running' ? (startedAt ?? view.runningSince) : null;
}

function summaryAfter(
  summary: SessionSummary,
  { state, entry }: { readonly state: OpenSession; readonly entry: Entry },
): SessionSummary {
  const { event } = entry;
  const { pullRequest, change } = state;
  return {
    ...summary,
    seq: entry.seq,
    status: state.status,
    updatedAt: entry.at,
    turns: state.knownTurns.length,
    runs: summary.runs + (event.type === 'run.started' ? 1 : 0),
    costUsd: summary.costUsd + (event.type === 'agent.stepped' ? event.costUsd : 0),
    model: event.type === 'run.started' ? event.model : summary.model,
    lastOutcome: outcomeAfter(summary.lastOutcome, event),
    waitingFor: waitingFor(state),
    change: change && {
      additions: change.additions,
      deletions: change.deletions,
      fileCount: change.fileCount,
    },
    pullRequest: pullRequest && {
      number: pullRequest.number,
      url: pullRequest.url,
      state: pullRequest.state,
    },
  };
}

function outcomeAfter(
  before: SessionSummary['lastOutcome'],
  event: Entry['event'],
): SessionSummary['lastOutcome'] {
  if (event.type === 'run.finished') return 'finished';
  if (event.type === 'run.stopped') return 'stopped';
  // A run that is tried again has not ended its turn.
  if (event.type === 'run.failed' && event.retryAt === null) return 'failed';
  return before;
}

function waitingFor(state: OpenSession): SessionSummary['waitingFor'] {
  if (state.status !== 'running') return null;
  if (state.question) return 'answer';
  return state.approvals.length > 0 ? 'approval' : null;
}
