import type { Entry } from 'orchestrator/domain';
import { useRef, useState } from 'react';
import { actorName, capitalised } from '../words.ts';
import styles from './log-table.module.css';
import { ClockTime } from './time.tsx';
import { useWindowList } from './window-list.ts';

/** Raw entries, newest first, so that what has just come is where one looks. */
export function LogTable({ entries }: { readonly entries: readonly Entry[] }) {
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const at = (index: number) => entries[entries.length - 1 - index];
  const virtualizer = useWindowList({
    list,
    count: entries.length,
    estimateSize: () => 33,
    getItemKey: (index) => at(index)?.seq ?? index,
    overscan: 12,
  });
  function toggle(seq: number) {
    const next = new Set(open);
    if (!next.delete(seq)) next.add(seq);
    setOpen(next);
  }
  return (
    <div ref={list} className={styles['table']} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((row) => {
        const entry = at(row.index);
        return entry === undefined ? null : (
          <div
            key={row.key}
            ref={virtualizer.measureElement}
            data-index={row.index}
            className={styles['row']}
            style={{ transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)` }}
          >
            <LogRow entry={entry} open={open.has(entry.seq)} onToggle={() => toggle(entry.seq)} />
          </div>
        );
      })}
    </div>
  );
}

type LogRowProps = { readonly entry: Entry; readonly open: boolean; readonly onToggle: () => void };

function LogRow({ entry, open, onToggle }: LogRowProps) {
  const { type, ...content } = entry.event;
  return (
    <>
      <button type="button" className={styles['line']} onClick={onToggle} aria-expanded={open}>
        <span className={styles['seq']}>{entry.seq}</span>
        <span className={styles['time']}>
          <ClockTime at={entry.at} />
        </span>
        <span className={styles['type']} data-family={type.split('.')[0]}>
          {type}
        </span>
        <span className={styles['actor']}>{capitalised(actorName(entry.actor))}</span>
        <span className={styles['preview']}>{JSON.stringify(content)}</span>
      </button>
      {open && <pre className={styles['json']}>{JSON.stringify(entry, null, 2)}</pre>}
    </>
  );
}
