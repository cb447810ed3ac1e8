import { Badge, Group, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { quotedThread, requestOf } from 'orchestrator/domain';
import { isCancellable } from '../session/offers.ts';
import type { SessionView } from '../session/view.ts';
import type { TurnItem } from '../timeline/items.ts';
import { turnStanding } from '../timeline/turn-words.ts';
import { actorName, capitalised } from '../words.ts';
import { CommandButton } from './command-button.tsx';
import { ClockTime } from './time.tsx';
import styles from './turn-row.module.css';

const COLORS = {
  queued: 'gray',
  held: 'orange',
  running: 'harbor',
  stopping: 'gray',
  retrying: 'yellow',
  finished: 'green',
  failed: 'red',
  stopped: 'gray',
  cancelled: 'gray',
} as const;

/** What somebody asked for, and where it stands. */
export function TurnRow({ item, view: { state } }: { readonly item: TurnItem; readonly view: SessionView }) {
  const number = state.knownTurns.indexOf(item.turnId) + 1;
  const quoted = quotedThread(item.text);
  return (
    <section className={styles['turn']} aria-label={`Turn ${number}`} data-state={item.state} tabIndex={-1}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="sm" fw={600}>
          {capitalised(actorName(item.by))}{' '}
          <Text span size="xs" c="dimmed" fw={400}>
            turn {number}
            {item.at !== null && (
              <>
                {' · '}
                <ClockTime at={item.at} />
              </>
            )}
            {item.edited && ' · edited'}
          </Text>
        </Text>
        <Badge color={COLORS[item.state]} variant="light" tt="none" size="sm">
          {turnStanding(item, state)}
        </Badge>
      </Group>
      {quoted !== null && (
        <details className={styles['detail']}>
          <summary>The thread before it</summary>
          <pre>{quoted}</pre>
        </details>
      )}
      <div className={styles['text']}>{requestOf(item.text)}</div>
      {isCancellable(state, item.turnId) && (
        <div className={styles['buttons']}>
          <CommandButton
            fields={{ intent: 'cancel', turnId: item.turnId }}
            name={`Cancel turn ${number}`}
            variant="default"
            leftSection={<IconX size={14} />}
          >
            Cancel
          </CommandButton>
        </div>
      )}
    </section>
  );
}
