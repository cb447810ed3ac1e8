import { Text } from '@mantine/core';
import {
  IconBulb,
  IconChecks,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClockPause,
  IconGitMerge,
  IconGitPullRequest,
  IconGitPullRequestClosed,
  IconInfoCircle,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { type Actor, FAILURES, type FactOf, type Todo } from 'orchestrator/domain';
import type { PullRequestItem, RunItem, StepsItem, TimelineItem } from '../timeline/items.ts';
import { tryName } from '../timeline/turn-words.ts';
import { actorName, capitalised, duration, modelName, placeHint, placeName } from '../words.ts';
import { Markdown } from './markdown.tsx';
import styles from './plain-rows.module.css';
import { PlanList } from './plan-list.tsx';
import { Terminal } from './terminal.tsx';
import { ClockTime } from './time.tsx';

export function RunRow({ item }: { readonly item: RunItem }) {
  const { place } = item;
  return (
    <div className={styles['line']}>
      <IconPlayerPlay size={15} />
      <span>
        {item.attempt === 1 ? 'Started' : capitalised(tryName(item.attempt))} with {modelName(item.model)}
        {place && (
          <span title={placeHint(place.isolation) ?? undefined}>
            {place.resumed && ' again'} {placeName(place)}
          </span>
        )}
      </span>
      <ClockTime at={item.at} />
    </div>
  );
}

const STEPS = {
  sandbox: 'Sandbox',
  clone: 'Clone',
  agent: 'Agent',
  work: 'Work',
  checks: 'Checks',
  save: 'Save',
} as const;

export function StepsRow({ item }: { readonly item: StepsItem }) {
  return (
    <ol className={styles['steps']}>
      {item.steps.map(({ step, at, endedAt }) => (
        <li key={at + step} data-open={endedAt === null || undefined}>
          {STEPS[step]}
          {endedAt !== null && step !== 'work' && (
            <span>{duration(Date.parse(endedAt) - Date.parse(at))}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

export function SaidRow({ text, live }: { readonly text: string; readonly live: boolean }) {
  return (
    <div className={styles['said']} data-live={live || undefined}>
      <Markdown text={text} />
    </div>
  );
}

export function ThoughtRow({ text }: { readonly text: string }) {
  return (
    <details className={styles['fold']}>
      <summary>
        <IconBulb size={15} />
        <span className={styles['preview']}>{text}</span>
      </summary>
      <div className={styles['thought']}>
        <Markdown text={text} />
      </div>
    </details>
  );
}

export function PlanRow({ todos }: { readonly todos: readonly Todo[] }) {
  const current = todos.find((todo) => todo.status === 'in_progress');
  const done = todos.filter((todo) => todo.status === 'completed').length;
  return (
    <details className={styles['fold']}>
      <summary>
        <IconChecks size={15} />
        <span className={styles['preview']}>
          Plan: {done} of {todos.length} done{current && ` · now “${current.text}”`}
        </span>
      </summary>
      <div className={styles['thought']}>
        <PlanList todos={todos} />
      </div>
    </details>
  );
}

export function WaitedRow({ item }: { readonly item: Extract<TimelineItem, { kind: 'waited' }> }) {
  return (
    <div className={styles['line']} data-tone="warn">
      <IconClockPause size={15} />
      <span>
        The model asked to wait (try {item.attempt}): {item.reason}
      </span>
      <ClockTime at={item.at} />
    </div>
  );
}

export function CheckRow({ check }: { readonly check: FactOf<'check.finished'> }) {
  const passed = check.exitCode === 0;
  const Icon = passed ? IconCircleCheckFilled : IconCircleXFilled;
  return (
    <details className={styles['card']} open={!passed}>
      <summary>
        <Icon size={17} className={styles[passed ? 'good' : 'bad'] ?? ''} />
        <span className={styles['name']}>
          Check <code>{check.command}</code> {passed ? 'passed' : `failed with exit code ${check.exitCode}`}
        </span>
        <Text span size="xs" c="dimmed">
          {duration(check.durationMs)}
        </Text>
      </summary>
      <div className={styles['inside']}>
        <Terminal output={check.output === '' ? 'No output.' : check.output} />
      </div>
    </details>
  );
}

export function NoteRow({
  text,
  by,
  at,
}: {
  readonly text: string;
  readonly by: Actor;
  readonly at: string;
}) {
  return (
    <div className={styles['line']}>
      <IconInfoCircle size={15} />
      <span>
        {text} by {actorName(by)}
      </span>
      <ClockTime at={at} />
    </div>
  );
}

const PULL_REQUEST_ICONS = {
  'pull_request.requested': IconGitPullRequest,
  'pull_request.opened': IconGitPullRequest,
  'pull_request.updated': IconGitPullRequest,
  'pull_request.reopened': IconGitPullRequest,
  'pull_request.merged': IconGitMerge,
  'pull_request.closed': IconGitPullRequestClosed,
  'pull_request.failed': IconCircleXFilled,
} as const;

export function PullRequestRow({ item }: { readonly item: PullRequestItem }) {
  const Icon = PULL_REQUEST_ICONS[item.event.type];
  return (
    <div className={styles['line']} data-tone={item.event.type === 'pull_request.failed' ? 'bad' : 'strong'}>
      <Icon size={15} />
      <span>
        <PullRequestWords item={item} />
      </span>
      <ClockTime at={item.at} />
    </div>
  );
}

function PullRequestWords({ item: { event, by } }: { readonly item: PullRequestItem }) {
  switch (event.type) {
    case 'pull_request.requested':
      return `${capitalised(actorName(by))} asked for a pull request: ${event.title}`;
    case 'pull_request.failed':
      return `The pull request could not be made. ${FAILURES[event.code].sentence} (${event.code})`;
    case 'pull_request.opened':
      return (
        <PullRequestLink event={event} words={`opened${event.draft ? ' as a draft' : ''}: ${event.title}`} />
      );
    case 'pull_request.updated':
      return <PullRequestLink event={event} words={`now at ${event.headSha.slice(0, 8)}`} />;
    case 'pull_request.merged':
      return <PullRequestLink event={event} words={`merged by ${event.by}`} />;
    case 'pull_request.closed':
      return <PullRequestLink event={event} words={`closed by ${event.by}`} />;
    case 'pull_request.reopened':
      return <PullRequestLink event={event} words="opened again" />;
  }
}

function PullRequestLink(props: {
  readonly event: { readonly number: number; readonly url: string };
  readonly words: string;
}) {
  return (
    <>
      <a href={props.event.url} target="_blank" rel="noreferrer">
        Pull request #{props.event.number}
      </a>{' '}
      {props.words}
    </>
  );
}
