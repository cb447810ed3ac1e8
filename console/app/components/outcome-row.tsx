import { Group, Text } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconClockPause,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconRefresh,
} from '@tabler/icons-react';
import { FAILURES } from 'orchestrator/domain';
import { offersFor } from '../session/offers.ts';
import type { SessionView } from '../session/view.ts';
import type { OutcomeItem } from '../timeline/items.ts';
import { actorName, count, duration, money } from '../words.ts';
import { CommandButton } from './command-button.tsx';
import { DiscardButton } from './discard-button.tsx';
import { Markdown } from './markdown.tsx';
import { DiffStat } from './status.tsx';
import { ClockTime } from './time.tsx';
import { TryList } from './tries.tsx';
import styles from './turn-row.module.css';

/** How a run ended, what is left of its work, and what can be done about it. */
export function OutcomeRow({ item, view }: { readonly item: OutcomeItem; readonly view: SessionView }) {
  const { title, Icon, tone } = headOf(item);
  return (
    <section className={styles['outcome']} data-tone={tone} aria-label={title} tabIndex={-1}>
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
      <OutcomeBody item={item} />
      <WhatIsLeft item={item} branch={view.state.branch} />
      {item.setbacks.length > 0 && !isTriedAgain(item) && <TryList setbacks={item.setbacks} />}
      <NextButtons item={item} view={view} />
    </section>
  );
}

function isTriedAgain({ end }: OutcomeItem): boolean {
  return end.type === 'run.failed' && end.retryAt !== null;
}

function headOf({ end, by, attempt }: OutcomeItem) {
  switch (end.type) {
    case 'run.finished':
      return { title: 'Done', Icon: IconCircleCheckFilled, tone: 'good' };
    case 'run.stopped':
      return { title: `Stopped by ${actorName(by)}`, Icon: IconPlayerStopFilled, tone: 'plain' };
    case 'run.failed': {
      if (end.retryAt === null) return { title: 'Failed', Icon: IconAlertTriangleFilled, tone: 'bad' };
      const title = attempt === null ? 'A try failed' : `Try ${attempt} failed`;
      return { title, Icon: IconClockPause, tone: 'warn' };
    }
  }
}

function OutcomeBody({ item: { end } }: { readonly item: OutcomeItem }) {
  switch (end.type) {
    case 'run.finished':
    case 'run.stopped':
      return end.summary === undefined || end.summary === '' ? null : (
        <div className={styles['body']}>
          {end.type === 'run.stopped' && (
            <Text size="sm" c="dimmed" mb={4}>
              The agent’s last words:
            </Text>
          )}
          <Markdown text={end.summary} />
        </div>
      );
    case 'run.failed':
      return (
        <div className={styles['body']}>
          <Text size="sm">{FAILURES[end.code].sentence}</Text>
          {end.retryAt !== null && (
            <Text size="sm" mt={4}>
              The next try is at <ClockTime at={end.retryAt} />.
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

/** After a turn that did not finish people ask first what is left of its work. */
function WhatIsLeft({ item, branch }: { readonly item: OutcomeItem; readonly branch: string }) {
  const { change, discard, end } = item;
  const isChanged = change !== null && change.fileCount > 0;
  // A change is that of the whole branch: here the turn has added nothing to what earlier ones did.
  const isEarlier = isChanged && change.headSha === item.startSha;
  const isUnfinished = end.type !== 'run.finished' && !isTriedAgain(item);
  if (discard?.state === 'done')
    return (
      <Left>This work was discarded by {actorName(discard.by)}. The files are as they were before it.</Left>
    );
  return (
    <>
      {isUnfinished && (!isChanged || isEarlier) && <Left>This changed nothing.</Left>}
      {isChanged && (
        <Left>
          {isEarlier && 'On the branch so far: '}
          {count(change.fileCount, 'file')} changed{' '}
          <DiffStat additions={change.additions} deletions={change.deletions} />
        </Left>
      )}
      {isUnfinished && isChanged && !isEarlier && (
        <Left>
          The work so far is kept on <span className="mono">{branch}</span>. Reply to go on from it.
        </Left>
      )}
      <div role="status">
        {discard?.state === 'asked' && <Left>Discarding this work, asked by {actorName(discard.by)}.</Left>}
        {discard?.state === 'failed' && (
          <Left>
            This work could not be discarded. {discard.code !== null && FAILURES[discard.code].sentence}
          </Left>
        )}
      </div>
    </>
  );
}

function Left({ children }: { readonly children: React.ReactNode }) {
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {children}
    </Text>
  );
}

function NextButtons({ item, view }: { readonly item: OutcomeItem; readonly view: SessionView }) {
  const offers = offersFor(view, item);
  if (!offers) return null;
  const { turnId, again, isDiscardable } = offers;
  return (
    <div className={styles['buttons']}>
      {again === 'resume' && (
        <CommandButton
          fields={{ intent: 'resume', turnId }}
          variant="default"
          leftSection={<IconPlayerPlayFilled size={13} />}
        >
          Resume
        </CommandButton>
      )}
      {again === 'retry' && (
        <CommandButton
          fields={{ intent: 'retry', turnId }}
          variant="default"
          leftSection={<IconRefresh size={14} />}
        >
          Retry
        </CommandButton>
      )}
      {isDiscardable && <DiscardButton turnId={turnId} />}
    </div>
  );
}
