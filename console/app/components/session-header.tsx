import { Anchor, Badge, Button, Group, Title } from '@mantine/core';
import { Link } from '@remix-run/react';
import { IconBrandSlack, IconChevronLeft, IconGitBranch } from '@tabler/icons-react';
import type { LoadedLog } from '../session/loaded-log.ts';
import type { SessionView } from '../session/view.ts';
import { actorName, capitalised, modelName, money } from '../words.ts';
import { PullRequestButton } from './pull-request-button.tsx';
import styles from './session-header.module.css';
import { PullRequestBadge, StatusBadge } from './status.tsx';
import { StopControl } from './stop-control.tsx';
import { Ago, Elapsed } from './time.tsx';
import { TriesLine } from './tries.tsx';

type SessionHeaderProps = {
  readonly view: SessionView;
  readonly connection: LoadedLog['connection'];
  readonly threadUrl: string | null;
};

export function SessionHeader({ view, connection, threadUrl }: SessionHeaderProps) {
  const { state, summary } = view;
  return (
    <header className={styles['header']}>
      <Anchor component={Link} to="/" size="sm" c="dimmed" className={styles['back'] ?? ''}>
        <IconChevronLeft size={15} /> Sessions
      </Anchor>
      <div className={styles['top']}>
        <Title order={1} size="h3" className={styles['title'] ?? ''}>
          {state.title}
        </Title>
        <Group gap="xs" className={styles['actions'] ?? ''}>
          {threadUrl !== null && (
            <Button
              component="a"
              href={threadUrl}
              target="_blank"
              rel="noreferrer"
              variant="default"
              size="xs"
              leftSection={<IconBrandSlack size={15} />}
            >
              Thread
            </Button>
          )}
          <PullRequestButton view={view} />
          <StopControl view={view} />
        </Group>
      </div>
      <Group gap="sm" mt={8}>
        <StatusBadge
          summary={summary}
          stopping={state.status === 'running' && state.stopRequestedBy !== null}
        />
        {summary.pullRequest && <PullRequestBadge pullRequest={summary.pullRequest} />}
        {connection === 'lost' && (
          <Badge color="yellow" variant="outline" tt="none">
            Reconnecting…
          </Badge>
        )}
      </Group>
      <TriesLine view={view} />
      <Facts view={view} />
    </header>
  );
}

function Facts({ view }: { readonly view: SessionView }) {
  const { state, summary } = view;
  return (
    <dl className={styles['facts']}>
      <Fact name="Repository">
        <span className="mono">{state.repository}</span>
      </Fact>
      <Fact name="Branch">
        <span className={`mono ${styles['branch']}`}>
          <IconGitBranch size={13} /> {state.branch}
        </span>
      </Fact>
      <Fact name="Asked by">
        {capitalised(actorName(state.openedBy))}, <Ago at={summary.openedAt} />
      </Fact>
      {summary.model !== null && <Fact name="Model">{modelName(summary.model)}</Fact>}
      <Fact name={view.runningSince === null ? 'Took' : 'Running for'}>
        <Elapsed
          since={view.runningSince ?? summary.openedAt}
          until={view.runningSince === null ? summary.updatedAt : null}
        />
      </Fact>
      <Fact name="Cost">{money(summary.costUsd)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
