import { Button, Center, Loader, Text } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import type { LiveLog } from '../live/live-log.ts';
import type { TimelineItem } from '../timeline/items.ts';
import { withLiveText } from '../timeline/live-text.ts';
import { withQueue } from '../timeline/queue-rows.ts';
import { timelineOf } from '../timeline/timeline.ts';
import { useAwake } from './awake.ts';
import styles from './timeline.module.css';
import { TimelineRow } from './timeline-row.tsx';
import { useWindowList } from './window-list.ts';

const ESTIMATES: Record<TimelineItem['kind'], number> = {
  turn: 110,
  run: 36,
  tool: 48,
  steps: 36,
  question: 200,
  approval: 120,
  outcome: 180,
  pull_request: 48,
  said: 80,
  thought: 36,
  plan: 36,
  waited: 36,
  check: 60,
  artifact: 290,
  note: 36,
};

/** A session's entries as a person reads them. Only the rows on the screen are in the page. */
export function Timeline({ log }: { readonly log: LiveLog }) {
  const { entries, live, view } = log;
  const settled = useMemo(() => timelineOf(entries), [entries]);
  const { state } = view;
  const items = useMemo(
    () => withQueue(withLiveText(settled, live.texts), state),
    [settled, live.texts, state],
  );
  const list = useRef<HTMLDivElement>(null);
  const running = state.status === 'running';
  const { virtualizer, atEnd } = useFollowing({ items, list, startAtEnd: running });
  if (items.length === 0) return <Empty />;
  return (
    <>
      {log.loadEarlier && (
        <Center mb="sm">
          <Button variant="default" size="xs" onClick={log.loadEarlier} loading={log.loadingEarlier}>
            Load earlier
          </Button>
        </Center>
      )}
      <div ref={list} className={styles['list']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <div
              key={row.key}
              data-index={row.index}
              ref={virtualizer.measureElement}
              className={styles['row']}
              data-kind={item.kind}
              style={{ transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)` }}
            >
              <TimelineRow
                item={item}
                view={view}
                liveOutput={item.kind === 'tool' ? live.outputs.get(item.callId) : undefined}
              />
            </div>
          );
        })}
      </div>
      {running && !atEnd && (
        <div className={styles['jump']}>
          <Button
            size="xs"
            radius="xl"
            leftSection={<IconArrowDown size={14} />}
            onClick={() => virtualizer.scrollToEnd()}
          >
            Jump to latest
          </Button>
        </div>
      )}
    </>
  );
}

function Empty() {
  return (
    <Center py={48}>
      <Loader size="sm" mr="sm" />
      <Text c="dimmed">Nothing has happened yet.</Text>
    </Center>
  );
}

/** Distance from the end, in pixels, within which somebody is taken to read the newest: the reply box is below it. */
const END_THRESHOLD = 260;

function useFollowing(options: {
  readonly items: readonly TimelineItem[];
  readonly list: React.RefObject<HTMLDivElement>;
  readonly startAtEnd: boolean;
}) {
  const { items, list, startAtEnd } = options;
  const awake = useAwake();
  const virtualizer = useWindowList({
    list,
    count: items.length,
    estimateSize: (index) => ESTIMATES[items[index]?.kind ?? 'note'],
    getItemKey: (index) => items[index]?.key ?? index,
    followEndWithin: END_THRESHOLD,
    overscan: 8,
    gap: 10,
  });
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    if (startAtEnd) virtualizer.scrollToEnd();
  }, [startAtEnd, virtualizer]);
  return { virtualizer, atEnd: !awake || virtualizer.isAtEnd(END_THRESHOLD) };
}
