import {
  Conflict,
  type Entry,
  type Fact,
  isFact,
  type SessionEvent,
  threadOf,
  type Change as Work,
} from '../domain/index.ts';
import type { TrackedSummary } from './summary.ts';

type Change = Partial<TrackedSummary>;
type FactLike<Prefix extends string> = Extract<Fact, { type: `${Prefix}.${string}` }>;

/**
 * A summary with entries of its session added in order. Those that are in it already change nothing.
 * Throws Conflict when entries between are missing: read the log behind `summary.seq` and come again.
 */
export function summarizeAll(
  summary: TrackedSummary | null,
  entries: readonly Entry[],
): TrackedSummary | null {
  let current = summary;
  for (const entry of entries) {
    const seq = current?.seq ?? 0;
    if (entry.seq <= seq) continue;
    if (entry.seq > seq + 1)
      throw new Conflict(`the summary of ${entry.sessionId} is at ${seq}, the entries go on at ${entry.seq}`);
    current = summarize(current, entry);
  }
  return current;
}

/** A summary with the next entry of its log in it. Pure; agrees with `evolve` on what both say. */
function summarize(summary: TrackedSummary | null, entry: Entry): TrackedSummary {
  const { event, seq, at } = entry;
  if (!summary) return opened(entry);
  const next = { ...summary, seq, updatedAt: at, ...changeBy(summary, event) };
  return { ...next, waitingFor: next.open[0]?.kind ?? null };
}

function opened({ sessionId, seq, at, actor, event }: Entry): TrackedSummary {
  if (event.type !== 'session.opened')
    throw new Error(`the log of ${sessionId} does not begin with session.opened`);
  const { title, repository, branch, trigger } = event;
  return {
    sessionId,
    seq,
    status: 'idle',
    title,
    repository,
    branch,
    openedBy: actor,
    openedAt: at,
    updatedAt: at,
    thread: threadOf(trigger),
    turns: 0,
    runs: 0,
    costUsd: 0,
    model: null,
    lastOutcome: null,
    waitingFor: null,
    change: null,
    pullRequest: null,
    queued: [],
    open: [],
    publishing: false,
    discarding: false,
    headSha: null,
    behind: false,
  };
}

function changeBy(summary: TrackedSummary, event: SessionEvent): Change {
  if (event.type === 'agent.stepped') return { costUsd: summary.costUsd + event.costUsd };
  if (!isFact(event)) return {};
  if (isAbout(event, 'session')) return bySession(summary, event);
  if (isAbout(event, 'turn')) return byTurn(summary, event);
  if (isAbout(event, 'queue')) return byQueue(summary, event);
  if (isAbout(event, 'work')) return byWork(event);
  if (isAbout(event, 'run')) return byRun(summary, event);
  if (isAbout(event, 'question')) return byQuestion(summary, event);
  if (isAbout(event, 'approval')) return byApproval(summary, event);
  if (isAbout(event, 'pull_request')) return byPullRequest(summary, event);
  return {};
}

function isAbout<Prefix extends string>(event: Fact, prefix: Prefix): event is FactLike<Prefix> {
  return event.type.startsWith(`${prefix}.`);
}

function bySession({ status }: TrackedSummary, event: FactLike<'session'>): Change {
  switch (event.type) {
    case 'session.opened':
      return {};
    case 'session.closed':
      return { status: 'closed', open: [] };
    case 'session.reopened':
      return status === 'closed' ? { status: 'idle' } : {};
  }
}

function byTurn({ turns, queued }: TrackedSummary, event: FactLike<'turn'>): Change {
  switch (event.type) {
    case 'turn.requested':
      return { turns: turns + 1, queued: [...queued, event.turnId] };
    case 'turn.amended':
      return {};
    case 'turn.cancelled':
      return { queued: queued.filter((turnId) => turnId !== event.turnId) };
  }
}

function byQueue({ queued }: TrackedSummary, { type, turnIds }: FactLike<'queue'>): Change {
  const others = queued.filter((turnId) => !turnIds.includes(turnId));
  return { queued: type === 'queue.held' ? others : [...turnIds, ...others] };
}

function byWork(event: FactLike<'work'>): Change {
  switch (event.type) {
    case 'work.discard_requested':
      return { discarding: true };
    case 'work.discard_failed':
      return { discarding: false };
    case 'work.discarded':
      return { discarding: false, headSha: event.headSha, ...changeOf(event.change) };
  }
}

function byRun(summary: TrackedSummary, event: FactLike<'run'>): Change {
  if (event.type === 'run.started') return started(summary, event);
  // A turn that waits for its next try can be stopped too.
  if (summary.status !== 'running' && !(summary.status === 'waiting' && event.type === 'run.stopped'))
    return {};
  switch (event.type) {
    case 'run.prepared':
    case 'run.stop_requested':
      return {};
    case 'run.finished':
      return { ...ended(summary, event), lastOutcome: 'finished' };
    case 'run.stopped':
      // Stopped work is not published by itself.
      return { ...ended(summary, event), behind: false, lastOutcome: 'stopped' };
    case 'run.failed':
      return event.retryAt === null
        ? { ...ended(summary, event), lastOutcome: 'failed' }
        : { ...ended(summary, event), status: 'waiting' };
  }
}

function started(
  { runs, queued }: TrackedSummary,
  { turnId, model }: Extract<Fact, { type: 'run.started' }>,
): Change {
  return {
    status: 'running',
    runs: runs + 1,
    model,
    queued: queued.filter((waiting) => waiting !== turnId),
    open: [],
  };
}

function ended(
  { headSha, pullRequest, behind }: TrackedSummary,
  { change }: Extract<Fact, { type: 'run.finished' | 'run.stopped' | 'run.failed' }>,
): Change {
  if (!change) return { status: 'idle', open: [] };
  const isNew = change.headSha !== headSha;
  return {
    status: 'idle',
    open: [],
    headSha: change.headSha,
    behind: behind || (isNew && pullRequest?.state === 'open'),
    ...changeOf(change),
  };
}

function changeOf(change: Work | undefined): Pick<TrackedSummary, 'change'> {
  if (!change) return { change: null };
  const { additions, deletions, fileCount } = change;
  return { change: { additions, deletions, fileCount } };
}

function byQuestion({ status, open }: TrackedSummary, event: FactLike<'question'>): Change {
  switch (event.type) {
    case 'question.asked': {
      if (status !== 'running') return {};
      // A new question takes the place of one that is open.
      const others = open.filter(({ kind }) => kind !== 'answer');
      return { open: [...others, { id: event.questionId, kind: 'answer' }] };
    }
    case 'question.answered':
    case 'question.expired':
      return { open: open.filter(({ id }) => id !== event.questionId) };
  }
}

function byApproval({ status, open }: TrackedSummary, event: FactLike<'approval'>): Change {
  switch (event.type) {
    case 'approval.requested':
      return status === 'running' ? { open: [...open, { id: event.approvalId, kind: 'approval' }] } : {};
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      return { open: open.filter(({ id }) => id !== event.approvalId) };
  }
}

function byPullRequest({ pullRequest }: TrackedSummary, event: FactLike<'pull_request'>): Change {
  const known = (state: 'open' | 'merged' | 'closed') =>
    pullRequest ? { pullRequest: { ...pullRequest, state } } : {};
  switch (event.type) {
    case 'pull_request.requested':
      return { publishing: true };
    case 'pull_request.opened':
      return { publishing: false, pullRequest: { number: event.number, url: event.url, state: 'open' } };
    case 'pull_request.failed':
      return { publishing: false, behind: false };
    case 'pull_request.updated':
      return { behind: false };
    case 'pull_request.merged':
      return known('merged');
    case 'pull_request.closed':
      return known('closed');
    case 'pull_request.reopened':
      return { publishing: false, ...known('open') };
  }
}
