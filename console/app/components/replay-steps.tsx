import { Paper, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Entry } from 'orchestrator/domain';
import { useEffect, useRef } from 'react';
import { wordsFor } from '../replay/step-words.ts';
import styles from './replay-steps.module.css';

const ROW_PX = 27;

type ReplayStepsProps = {
  readonly entries: readonly Entry[];
  readonly index: number;
  readonly onJump: (index: number) => void;
};

/** Every entry as a line that can be jumped to; the present one stays in sight. */
export function ReplaySteps({ entries, index, onJump }: ReplayStepsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    initialRect: { width: 300, height: 340 },
    overscan: 10,
    useFlushSync: false,
  });
  useEffect(() => virtualizer.scrollToIndex(index, { align: 'auto' }), [virtualizer, index]);
  return (
    <Paper withBorder radius="lg" pt="md" pb={6}>
      <Text size="sm" fw={600} px="md" mb={8}>
        Steps
      </Text>
      <div ref={scroller} className={styles['scroller']}>
        <div className={styles['all']} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((row) => {
            const entry = entries[row.index];
            return entry === undefined ? null : (
              <button
                key={row.key}
                type="button"
                className={styles['step']}
                style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}
                aria-current={row.index === index ? 'step' : undefined}
                data-future={row.index > index || undefined}
                onClick={() => onJump(row.index)}
              >
                {wordsFor(entry.event)}
              </button>
            );
          })}
        </div>
      </div>
    </Paper>
  );
}
