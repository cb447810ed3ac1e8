import { Badge, Group, Text } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { FAILURES } from 'orchestrator/domain';
import type { OutcomeItem, TurnItem } from '../timeline/items.ts';
import { actorName, count, duration, money } from '../words.ts';
import { Markdown } from './markdown.tsx';
import { DiffStat } from './status.tsx';
import { ClockTime } from './time.tsx';
import styles from './turn-row.module.css';

const STATES = {
  queued: { label: 'Waits its turn', color: 'gray' },
  running: { label: 'In work', color: 'harbor' },
  retrying: { label: 'Will retry', color: 'yellow' },
  finished: { label: 'Done', color: 'green' },
  failed: { label: 'Failed', color: 'red' },
  stopped: { label: 'Stopped', color: 'gray' },
  cancelled: { label: 'Taken back', color: 'gray' },
} as const;

export function TurnRow({ item, number }: { readonly item: TurnItem; readonly number: number }) {
  const { label, color } = STATES[item.state];
  return (
    <section className={styles['turn']} aria-label={`Turn ${number}`}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="sm" fw={600}>
          {actorName(item.by)}{' '}
          <Text span size="xs" c="dimmed" fw={400}>
            turn {number} · <ClockTime at={item.at} />
          </Text>
        </Text>
        <Badge color={color} variant="light" tt="none" size="sm">
          {label}
        </Badge>
      </Group>
      <div className={styles['text']}>{item.text}</div>
    </section>
  );
}

export function OutcomeRow({ item }: { readonly item: OutcomeItem }) {
  return (
    <section className={styles['outcome']} data-end={item.end.type}>
      <OutcomeHead item={item} />
      <OutcomeBody item={item} />
      {item.change && item.change.fileCount > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {count(item.change.fileCount, 'file')} changed{' '}
          <DiffStat additions={item.change.additions} deletions={item.change.deletions} />
        </Text>
      )}
    </section>
  );
}

const HEADS = {
  'run.finished': { title: 'Done', Icon: IconCircleCheckFilled },
  'run.failed': { title: 'Failed', Icon: IconAlertTriangleFilled },
  'run.stopped': { title: 'Stopped', Icon: IconPlayerStopFilled },
} as const;

function OutcomeHead({ item }: { readonly item: OutcomeItem }) {
  const { title, Icon } = HEADS[item.end.type];
  return (
    <Group justify="space-between" gap="xs">
      <Group gap={8}>
        <Icon size={18} className={styles['icon'] ?? ''} />
        <Text fw={650}>{title}</Text>
      </Group>
      <Text size="xs" c="dimmed" className={styles['numbers'] ?? ''}>
        {item.durationMs !== null && <span>{duration(item.durationMs)}</span>}
        {item.costUsd > 0 && <span>{money(item.costUsd)}</span>}
        <ClockTime at={item.at} />
      </Text>
    </Group>
  );
}

function OutcomeBody({ item: { end } }: { readonly item: OutcomeItem }) {
  switch (end.type) {
    case 'run.finished':
    case 'run.stopped':
      return end.summary === undefined || end.summary === '' ? null : (
        <div className={styles['body']}>
          <Markdown text={end.summary} />
        </div>
      );
    case 'run.failed':
      return (
        <div className={styles['body']}>
          <Text size="sm">{FAILURES[end.code].sentence}</Text>
          {end.retryAt !== null && (
            <Text size="sm" mt={4}>
              It is tried again at <ClockTime at={end.retryAt} />.
            </Text>
          )}
          <details className={styles['detail']}>
            <summary>
              <span className="mono">{end.code}</span>
            </summary>
            <pre>{end.detail === '' ? 'No more is known.' : end.detail}</pre>
          </details>
        </div>
      );
  }
}
