import { Anchor, Badge, Group, Paper, Text } from '@mantine/core';
import { Link } from '@remix-run/react';
import type { DeliveryHealth } from 'orchestrator/client';
import type { ReactNode } from 'react';
import { CONNECTIONS, LATE_FINAL_MS, MODES } from '../delivery/health-words.ts';
import type { SessionCounts, StuckMessage } from '../server/health.server.ts';
import { count } from '../words.ts';
import styles from './health-panels.module.css';
import { RetrySlotButton } from './retry-slot-button.tsx';
import { Ago, Elapsed } from './time.tsx';

type PanelProps = { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode };

function Panel({ title, aside, children }: PanelProps) {
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label={title}>
      <Group justify="space-between" gap="xs" mb="sm">
        <Text component="h2" fw={650}>
          {title}
        </Text>
        {aside}
      </Group>
      {children}
    </Paper>
  );
}

type ConnectionPanelProps = {
  readonly connection: DeliveryHealth['connection'];
  readonly localSlack: boolean;
};

export function ConnectionPanel({ connection, localSlack }: ConnectionPanelProps) {
  const { label, color } = CONNECTIONS[connection.state];
  return (
    <Panel
      title="Slack"
      aside={
        <Badge color={color} variant="light" tt="none" data-testid="connection">
          {label}
        </Badge>
      }
    >
      <Text size="sm">
        {count(connection.sockets, 'socket')} open, {label.toLowerCase()} for{' '}
        <Elapsed since={connection.since} until={null} />.
      </Text>
      {connection.problem !== null && (
        <Text size="sm" mt={6} className={styles['problem'] ?? ''} role="alert">
          {connection.problem}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt={6}>
        {localSlack
          ? 'This is the workspace that comes with Deckhand, on this machine. To use your own Slack, set SLACK_BOT_TOKEN and SLACK_APP_TOKEN and start again.'
          : 'Deckhand calls out to Slack; nothing here has to be reachable from the internet.'}
      </Text>
    </Panel>
  );
}

export function SessionsPanel({ sessions }: { readonly sessions: SessionCounts }) {
  const { running, needingPerson, retrying, more } = sessions;
  return (
    <Panel
      title="Sessions"
      aside={
        <Anchor component={Link} to="/" size="sm">
          All sessions
        </Anchor>
      }
    >
      <dl className={styles['figures']}>
        <Figure name="At work">{running}</Figure>
        <Figure name="Wait for an answer">{needingPerson}</Figure>
        <Figure name="Wait to try again">{retrying}</Figure>
      </dl>
      {more && (
        <Text size="xs" c="dimmed" mt="xs">
          There are more; the first thousand of each are counted.
        </Text>
      )}
    </Panel>
  );
}

export function WritesPanel({
  writes,
  oldestFinalAt,
}: {
  readonly writes: DeliveryHealth['writes'];
  /** When the result that has waited longest began to wait; null when none does. */
  readonly oldestFinalAt: string | null;
}) {
  const mode = MODES[writes.mode];
  return (
    <Panel
      title="Writing to Slack"
      aside={
        <Badge color={mode.color} variant="light" tt="none" data-testid="mode">
          {mode.label}
        </Badge>
      }
    >
      <Text size="sm" c="dimmed" mb="md">
        {mode.sentence}
      </Text>
      <dl className={styles['figures']}>
        <Figure name="Waiting">{writes.queued}</Figure>
        <Figure name="Sent">{writes.sent}</Figure>
        <Figure name="Edits saved" hint="Edits that a newer one replaced before they were sent">
          {writes.coalesced}
        </Figure>
        <Figure name="“Come later” (429)" hint="Times that Slack said to come later">
          {writes.rateLimited}
        </Figure>
        <Figure name="Oldest result waits" hint="A result that waits over 30 s keeps somebody waiting">
          {oldestFinalAt === null ? (
            'none'
          ) : (
            <Elapsed since={oldestFinalAt} until={null} lateMs={LATE_FINAL_MS} />
          )}
        </Figure>
      </dl>
      {writes.budgets.length > 0 && (
        <ul className={styles['budgets']} aria-label="What may be called">
          {writes.budgets.map((budget) => (
            <Budget key={budget.method} budget={budget} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type FigureProps = { readonly name: string; readonly hint?: string; readonly children: ReactNode };

function Figure({ name, hint, children }: FigureProps) {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{typeof children === 'number' ? children.toLocaleString('en') : children}</dd>
    </div>
  );
}

/** Below this share of its room a method is about to be slowed down. */
const LOW = 0.2;

function Budget({ budget }: { readonly budget: DeliveryHealth['writes']['budgets'][number] }) {
  const { method, capacity, waiting } = budget;
  const available = Math.max(0, Math.floor(budget.available));
  const share = capacity > 0 ? Math.min(1, available / capacity) : 0;
  return (
    <li>
      <span className={`mono ${styles['method']}`}>{method}</span>
      <div className={styles['meter']} data-low={share < LOW || undefined} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <span className={styles['room']}>
        {available} of {capacity}
        {waiting > 0 && <strong>{waiting} waiting</strong>}
      </span>
    </li>
  );
}

export function StuckPanel({
  stuck,
  total,
}: {
  readonly stuck: readonly StuckMessage[];
  readonly total: number;
}) {
  return (
    <Panel
      title="Stuck messages"
      aside={
        <Text size="sm" c="dimmed">
          {total}
        </Text>
      }
    >
      <ul className={styles['stuck']}>
        {stuck.map((one) => (
          <li key={`${one.sessionId}/${one.slot}`}>
            <div>
              <Anchor component={Link} to={`/sessions/${one.sessionId}/delivery`} size="sm" fw={600}>
                {one.title}
              </Anchor>
              <Text size="sm">
                {one.name}: {one.sentence ?? 'Slack did not take it.'}
              </Text>
              <Text size="xs" c="dimmed">
                <span className="mono">{one.code}</span> · <Ago at={one.at} />
              </Text>
            </div>
            <RetrySlotButton sessionId={one.sessionId} slot={one.slot} name={`${one.name}, ${one.title}`} />
          </li>
        ))}
      </ul>
      {total > stuck.length && (
        <Text size="xs" c="dimmed" mt="xs">
          and {total - stuck.length} more
        </Text>
      )}
    </Panel>
  );
}
