import { type OpenSession, RETRY_WAITS_MS } from 'orchestrator/domain';
import { actorName } from '../words.ts';
import type { TurnItem } from './items.ts';

/** A turn that keeps failing for passing reasons is tried this often. */
const MOST_TRIES = RETRY_WAITS_MS.length + 1;

/** `try 2 of 5`. */
export function tryName(attempt: number): string {
  return `try ${attempt} of ${Math.max(attempt, MOST_TRIES)}`;
}

/** Where a turn stands, in a few words. */
export function turnStanding(item: TurnItem, state: OpenSession): string {
  switch (item.state) {
    case 'queued':
      return inLine(item, state);
    case 'held':
      return 'Held';
    case 'running':
      return item.attempt > 1 ? `In work, ${tryName(item.attempt)}` : 'In work';
    case 'stopping':
      return 'Stopping';
    case 'retrying':
      return `Will retry, ${tryName(item.attempt + 1)}`;
    case 'finished':
      return item.attempt > 1 ? `Done, try ${item.attempt}` : 'Done';
    case 'failed':
      return item.attempt > 1 ? `Failed after ${item.attempt} tries` : 'Failed';
    case 'stopped':
      return `Stopped${by(item)}`;
    case 'cancelled':
      return item.endedBy === null ? 'Cancelled, its message was deleted' : `Cancelled${by(item)}`;
  }
}

function by({ endedBy }: TurnItem): string {
  return endedBy ? ` by ${actorName(endedBy)}` : '';
}

function inLine({ turnId }: TurnItem, state: OpenSession): string {
  const atWork = state.status === 'running' || state.status === 'waiting' ? 1 : 0;
  const ahead = state.queue.findIndex((turn) => turn.turnId === turnId) + atWork;
  return ahead > 0 ? `Waiting, ${ordinal(ahead)} in line` : 'Starting';
}

function ordinal(number: number): string {
  const teen = number % 100 > 10 && number % 100 < 14;
  const ending = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${ending}`;
}
