import type { LiveProgress } from '../session/loaded-log.ts';
import type { TimelineItem } from './items.ts';

/** The timeline with what the agent is writing right now at its end, before the turns that wait. */
export function withLiveText(
  items: readonly TimelineItem[],
  texts: LiveProgress['texts'],
): readonly TimelineItem[] {
  if (texts.size === 0) return items;
  const seq = items.at(-1)?.seq ?? 0;
  const writing = [...texts].map(
    ([id, { text }]): TimelineItem => ({ kind: 'said', key: `live-${id}`, seq, at: '', text, live: true }),
  );
  const firstQueued = items.findIndex((item) => item.kind === 'turn' && item.state === 'queued');
  if (firstQueued < 0) return [...items, ...writing];
  return [...items.slice(0, firstQueued), ...writing, ...items.slice(firstQueued)];
}
