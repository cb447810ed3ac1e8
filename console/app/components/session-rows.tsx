import { Paper, Text } from '@mantine/core';
import { Link } from '@remix-run/react';
import type { SessionSummary } from 'orchestrator/client';
import { actorName, capitalised, count, modelName, money } from '../words.ts';
import styles from './session-rows.module.css';
import { DiffStat, PullRequestBadge, StatusBadge } from './status.tsx';
import { Ago, Elapsed } from './time.tsx';

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
          <span>{capitalised(actorName(session.openedBy))}</span>
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
        <span>
          <Elapsed since={session.openedAt} until={session.status === 'running' ? null : session.updatedAt} />
        </span>
        <span>{money(session.costUsd)}</span>
      </Text>
    </li>
  );
}
