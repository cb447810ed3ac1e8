import { Paper, Text } from '@mantine/core';
import type { Entry } from 'orchestrator/domain';
import type { Moment } from '../replay/player.ts';
import { money } from '../words.ts';
import { Markdown } from './markdown.tsx';
import { PlanList } from './plan-list.tsx';
import styles from './replay-screen.module.css';
import { ReplaySteps } from './replay-steps.tsx';
import layout from './session-layout.module.css';
import { Terminal } from './terminal.tsx';

type ReplayScreenProps = {
  readonly entries: readonly Entry[];
  readonly index: number;
  readonly moment: Moment;
  readonly onJump: (index: number) => void;
};

/** What could be seen at one moment: the thread, the terminal, the plan, the files. */
export function ReplayScreen({ entries, index, moment, onJump }: ReplayScreenProps) {
  return (
    <div className={layout['columns']}>
      <div className={`${layout['main']} ${styles['main']}`}>
        <ThreadPanel moment={moment} />
        <TerminalPanel moment={moment} />
      </div>
      <aside className={styles['side']}>
        <Panel title="Plan" note={planNote(moment)}>
          {moment.plan.length > 0 ? <PlanList todos={moment.plan} /> : <Nothing>No plan yet</Nothing>}
        </Panel>
        <Panel title="Files" note={moment.files.length > 0 ? String(moment.files.length) : ''}>
          <Files moment={moment} />
        </Panel>
        <ReplaySteps entries={entries} index={index} onJump={onJump} />
      </aside>
    </div>
  );
}

function planNote({ plan }: Moment): string {
  return plan.length === 0
    ? ''
    : `${plan.filter((todo) => todo.status === 'completed').length} of ${plan.length}`;
}

type PanelProps = { readonly title: string; readonly note: string; readonly children: React.ReactNode };

function Panel({ title, note, children }: PanelProps) {
  return (
    <Paper withBorder radius="lg" p="md">
      <div className={styles['heading']}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      </div>
      {children}
    </Paper>
  );
}

function Nothing({ children }: { readonly children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

const STATUS_WORDS = {
  unopened: 'not open yet',
  idle: 'waits for the next request',
  running: 'at work',
  waiting: 'waits to try again',
  closed: 'closed',
} as const;

function ThreadPanel({ moment }: { readonly moment: Moment }) {
  return (
    <Panel title="Thread" note={`${STATUS_WORDS[moment.state.status]} · ${money(moment.costUsd)}`}>
      {moment.turn ? (
        <blockquote className={styles['request']}>
          <Text size="xs" fw={600} mb={2}>
            {moment.turn.by}
          </Text>
          {moment.turn.text}
        </blockquote>
      ) : (
        <Nothing>Nobody has asked yet</Nothing>
      )}
      {moment.said !== null && <Markdown text={moment.said} />}
    </Panel>
  );
}

function TerminalPanel({ moment }: { readonly moment: Moment }) {
  const command = moment.terminal.at(-1);
  const before = moment.terminal.slice(0, -1);
  return (
    <Panel title="Terminal" note="">
      {command === undefined && <Nothing>No command yet</Nothing>}
      {command && (
        <Terminal command={command.command} output={command.output ?? ''} busy={command.output === null} />
      )}
      {before.length > 0 && (
        <ol className={styles['before']} reversed>
          {before.toReversed().map((one) => (
            <li key={one.callId} data-bad={(one.exitCode ?? 0) !== 0 || undefined}>
              <code>{one.command}</code>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Files({ moment }: { readonly moment: Moment }) {
  if (moment.files.length === 0) return <Nothing>No file changed yet</Nothing>;
  return (
    <ul className={styles['files']}>
      {moment.files.map((file) => (
        <li key={file.path} title={file.path}>
          <bdi>{file.path}</bdi>
        </li>
      ))}
    </ul>
  );
}
