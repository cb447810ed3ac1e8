import type { OpenSession, Turn } from 'orchestrator/domain';
import type { TimelineItem, TurnItem } from './items.ts';

/**
 * The timeline with every turn that waits in line at its end, in the order of the line: also those that were requested
 * before the part of the log that is loaded.
 */
export function withQueue(
  items: readonly TimelineItem[],
  { queue }: Pick<OpenSession, 'queue'>,
): readonly TimelineItem[] {
  const rows = new Map(items.filter(isQueued).map((item) => [item.turnId, item]));
  if (rows.size === 0 && queue.length === 0) return items;
  const others = items.filter((item) => !isQueued(item));
  const seq = items.at(-1)?.seq ?? 0;
  return [...others, ...queue.map((turn) => rows.get(turn.turnId) ?? rowOf(turn, seq))];
}

function isQueued(item: TimelineItem): item is TurnItem {
  return item.kind === 'turn' && item.state === 'queued';
}

function rowOf({ turnId, text, requestedBy }: Turn, seq: number): TurnItem {
  return {
    key: `queued-${turnId}`,
    seq,
    at: null,
    kind: 'turn',
    turnId,
    text,
    edited: false,
    by: requestedBy,
    state: 'queued',
    attempt: 0,
    endedBy: null,
  };
}
