import { Paper, Text } from '@mantine/core';
import { Link } from '@remix-run/react';
import type { SessionSummary } from 'orchestrator/client';
import { actorName, count, duration, modelName, money } from '../words.ts';
import styles from './session-rows.module.css';
import { DiffStat, PullRequestBadge, StatusBadge } from './status.tsx';
import { Ago, useNow } from './time.tsx';

export function SessionRows({ sessions }: { readonly sessions: readonly SessionSummary[] }) {
  return (
    <Paper withBorder radius="lg" className={styles['list'] ?? ''} component="ul">
      {sessions.map((session) => (
        <SessionRow key={session.sessionId} session={session} />
      ))}
    </Paper>
  );
}

function SessionRow({ session }: { readonly session: SessionSummary }) {
  const { change, pullRequest } = session;
  return (
    <li className={styles['row']}>
      <div className={styles['status']}>
        <StatusBadge summary={session} />
      </div>
      <div className={styles['what']}>
        <Link to={`/sessions/${session.sessionId}`} className={styles['title'] ?? ''} prefetch="intent">
          {session.title}
        </Link>
        <Text size="sm" c="dimmed" className={styles['facts'] ?? ''}>
          <span className="mono">{session.repository}</span>
          <span>{actorName(session.openedBy)}</span>
          <Ago at={session.updatedAt} />
          {session.model?.startsWith('demo/') && <span>{modelName(session.model)}</span>}
        </Text>
      </div>
      <div className={styles['result']}>
        {change && <DiffStat additions={change.additions} deletions={change.deletions} />}
        {pullRequest && <PullRequestBadge pullRequest={pullRequest} />}
      </div>
      <Text size="sm" c="dimmed" className={styles['numbers'] ?? ''}>
        <span>{count(session.turns, 'turn')}</span>
        <SessionDuration session={session} />
        <span>{money(session.costUsd)}</span>
      </Text>
    </li>
  );
}

function SessionDuration({ session }: { readonly session: SessionSummary }) {
  const running = session.status === 'running';
  const now = useNow(running ? 1_000 : null);
  const end = running ? now : Date.parse(session.updatedAt);
  return <span suppressHydrationWarning>{duration(Math.max(0, end - Date.parse(session.openedAt)))}</span>;
}
