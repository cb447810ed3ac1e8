import { Badge, type BadgeProps } from '@mantine/core';
import type { SessionSummary } from 'orchestrator/client';
import styles from './status.module.css';

type Status = Pick<SessionSummary, 'status' | 'lastOutcome' | 'waitingFor' | 'pullRequest'>;

/** What a session is doing, in one or two words. */
function statusOf(summary: Status): {
  readonly label: string;
  readonly color: string;
  readonly busy: boolean;
} {
  if (summary.waitingFor === 'answer') return { label: 'Needs an answer', color: 'orange', busy: true };
  if (summary.waitingFor === 'approval') return { label: 'Needs approval', color: 'orange', busy: true };
  switch (summary.status) {
    case 'running':
      return { label: 'Running', color: 'harbor', busy: true };
    case 'waiting':
      return { label: 'Will retry', color: 'yellow', busy: true };
    case 'closed':
      return { label: 'Closed', color: 'gray', busy: false };
    case 'idle':
      return idle(summary.lastOutcome);
  }
}

const STOPPING = { label: 'Stopping', color: 'gray', busy: true };

function idle(outcome: SessionSummary['lastOutcome']) {
  switch (outcome) {
    case 'finished':
      return { label: 'Done', color: 'green', busy: false };
    case 'failed':
      return { label: 'Failed', color: 'red', busy: false };
    case 'stopped':
      return { label: 'Stopped', color: 'gray', busy: false };
    case null:
      return { label: 'Starting', color: 'harbor', busy: true };
  }
}

export function StatusBadge({
  summary,
  stopping = false,
  size = 'md',
}: {
  readonly summary: Status;
  readonly stopping?: boolean;
  readonly size?: BadgeProps['size'];
}) {
  const { label, color, busy } = stopping ? STOPPING : statusOf(summary);
  return (
    <Badge
      color={color}
      variant="light"
      size={size}
      tt="none"
      fw={600}
      leftSection={<span className={styles['dot']} data-busy={busy || undefined} />}
      data-testid="status"
    >
      {label}
    </Badge>
  );
}

const PULL_REQUEST_COLORS = { open: 'green', merged: 'grape', closed: 'gray' } as const;

export function PullRequestBadge({
  pullRequest,
}: {
  readonly pullRequest: NonNullable<SessionSummary['pullRequest']>;
}) {
  return (
    <Badge
      component="a"
      href={pullRequest.url}
      target="_blank"
      rel="noreferrer"
      color={PULL_REQUEST_COLORS[pullRequest.state]}
      variant="light"
      tt="none"
      fw={600}
      className={styles['link'] ?? ''}
    >
      PR #{pullRequest.number} {pullRequest.state}
    </Badge>
  );
}

export function DiffStat({
  additions,
  deletions,
}: {
  readonly additions: number;
  readonly deletions: number;
}) {
  return (
    <span className={styles['stat']}>
      <span className={styles['added']}>+{additions.toLocaleString('en')}</span>{' '}
      <span className={styles['removed']}>−{deletions.toLocaleString('en')}</span>
    </span>
  );
}
