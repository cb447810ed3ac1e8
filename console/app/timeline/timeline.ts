import type { Entry, Fact } from 'orchestrator/domain';
import { isFact } from 'orchestrator/domain';
import { workAfter } from '../session/work.ts';
import { addTrace } from './agent-items.ts';
import { addApproval, addQuestion } from './ask-items.ts';
import { type Building, emptyBuilding, place } from './building.ts';
import type { TimelineItem } from './items.ts';
import { addDiscard, addQueue, addRun, addTurn } from './turn-items.ts';
import { withRelativePaths } from './workspace-paths.ts';

/**
 * The entries as a person reads them: turns, the runs inside, and what the agent did. A call and its result become one
 * item, a turn that had to wait stands where its work begins. Turns that are held are left out: the page asks about
 * them at its end. `entries` may begin anywhere in a log.
 */
export function timelineOf(entries: readonly Entry[]): readonly TimelineItem[] {
  const building = emptyBuilding();
  for (const entry of entries) {
    const event = withRelativePaths(entry.event);
    if (isFact(event)) addFact(building, entry, event);
    else addTrace(building, entry, event);
    building.work = workAfter(building.work, entry);
  }
  return [...building.items, ...building.queued.filter((turn) => turn.state !== 'held')];
}

function addFact(building: Building, entry: Entry, event: Fact): void {
  const { items } = building;
  switch (event.type) {
    case 'session.opened':
      return;
    case 'session.closed':
      items.push({ ...place(entry), kind: 'note', text: `Session closed: ${event.reason}`, by: entry.actor });
      return;
    case 'session.reopened':
      items.push({ ...place(entry), kind: 'note', text: 'Session reopened', by: entry.actor });
      return;
    case 'turn.requested':
    case 'turn.amended':
    case 'turn.cancelled':
      addTurn(building, entry, event);
      return;
    case 'queue.held':
    case 'queue.released':
      addQueue(building, entry, event);
      return;
    case 'work.discard_requested':
    case 'work.discarded':
    case 'work.discard_failed':
      addDiscard(building, entry, event);
      return;
    case 'run.started':
    case 'run.prepared':
    case 'run.stop_requested':
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
      addRun(building, entry, event);
      return;
    case 'check.finished':
      items.push({ ...place(entry), kind: 'check', check: event });
      return;
    case 'artifact.added':
      items.push({ ...place(entry), kind: 'artifact', artifact: event });
      return;
    case 'question.asked':
    case 'question.answered':
    case 'question.expired':
      addQuestion(building, entry, event);
      return;
    case 'approval.requested':
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      addApproval(building, entry, event);
      return;
    case 'pull_request.requested':
    case 'pull_request.opened':
    case 'pull_request.updated':
    case 'pull_request.failed':
    case 'pull_request.merged':
    case 'pull_request.closed':
    case 'pull_request.reopened':
      items.push({ ...place(entry), kind: 'pull_request', event, by: entry.actor });
      return;
  }
}
