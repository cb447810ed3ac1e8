import { Paper, Text } from '@mantine/core';
import { Link } from '@remix-run/react';
import type { Todo } from 'orchestrator/domain';
import type { SessionView } from '../session/view.ts';
import { count, placeHint, placeName } from '../words.ts';
import { PlanList } from './plan-list.tsx';
import styles from './side-panel.module.css';
import { DiffStat } from './status.tsx';

export function SidePanel({ view }: { readonly view: SessionView }) {
  const { state, plan, summary } = view;
  const hint = state.place && placeHint(state.place.isolation);
  if (plan === null && state.change === null && state.place === null) return null;
  return (
    <>
      {plan !== null && plan.length > 0 && <PlanPanel todos={plan} />}
      {state.change !== null && state.change.fileCount > 0 && (
        <Paper withBorder radius="lg" p="md">
          <div className={styles['heading']}>
            <Link to={`/sessions/${summary.sessionId}/changes`} className={styles['link']}>
              {count(state.change.fileCount, 'file')} changed
            </Link>
            <DiffStat additions={state.change.additions} deletions={state.change.deletions} />
          </div>
          <ul className={styles['files']}>
            {state.change.files.slice(0, 8).map((file) => (
              <li key={file.path} title={file.path} data-status={file.status}>
                <bdi>{file.path}</bdi>
              </li>
            ))}
          </ul>
          {state.change.fileCount > 8 && (
            <Text size="xs" c="dimmed" mt={4}>
              and {state.change.fileCount - 8} more
            </Text>
          )}
        </Paper>
      )}
      {state.place !== null && (
        <Paper withBorder radius="lg" p="md">
          <Text size="sm" fw={600} mb={4}>
            Sandbox
          </Text>
          <Text size="xs" c="dimmed" className={styles['sentence'] ?? ''}>
            {placeName(state.place)}
          </Text>
          {hint !== null && (
            <Text size="xs" mt={4} mb={4} className={styles['hint'] ?? ''}>
              {hint}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            from <span className="mono">{state.baseBranch}</span> at{' '}
            <span className="mono">{state.place.baseSha.slice(0, 8)}</span>
          </Text>
        </Paper>
      )}
    </>
  );
}

function PlanPanel({ todos }: { readonly todos: readonly Todo[] }) {
  const done = todos.filter((todo) => todo.status === 'completed').length;
  return (
    <Paper withBorder radius="lg" p="md" data-testid="plan">
      <div className={styles['heading']}>
        <span>Plan</span>
        <Text size="xs" c="dimmed" span>
          {done} of {todos.length}
        </Text>
      </div>
      <div className={styles['bar']}>
        <span style={{ width: `${todos.length === 0 ? 0 : (done / todos.length) * 100}%` }} />
      </div>
      <PlanList todos={todos} />
    </Paper>
  );
}
