import { Group, Paper, Text } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconTrash, IconX } from '@tabler/icons-react';
import { requestOf, type Turn } from 'orchestrator/domain';
import { useId } from 'react';
import type { SessionView } from '../session/view.ts';
import { type HeldGroup, heldGroups } from '../session/work.ts';
import { actorName, capitalised, count } from '../words.ts';
import { CommandButton } from './command-button.tsx';
import styles from './held-panel.module.css';

/** Asks about the follow-ups that waited when somebody stopped the work: one question for each stop. */
export function HeldPanels({ view: { state, work } }: { readonly view: SessionView }) {
  return heldGroups(state.held, work).map((group) => (
    <HeldPanel
      key={group.turns[0]?.turnId}
      group={group}
      numbers={state.knownTurns}
      isIdle={state.status === 'idle'}
    />
  ));
}

function HeldPanel({
  group: { by, turns },
  numbers,
  isIdle,
}: {
  readonly group: HeldGroup;
  readonly numbers: readonly string[];
  /** Nothing keeps a new request waiting. */
  readonly isIdle: boolean;
}) {
  const titleId = useId();
  const isOne = turns.length === 1;
  const it = isOne ? 'it' : 'them';
  const turnIds = turns.map(({ turnId }) => turnId).join(' ');
  const stopped = by ? `${actorName(by)} stopped the work` : 'the work was stopped';
  return (
    <Paper
      component="section"
      withBorder
      radius="lg"
      p="md"
      mt="lg"
      className={styles['held'] ?? ''}
      aria-labelledby={titleId}
    >
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconPlayerPauseFilled size={18} className={styles['icon'] ?? ''} aria-hidden />
        <Text fw={650} id={titleId}>
          {count(turns.length, 'follow-up')} waited when {stopped}
        </Text>
      </Group>
      <ul className={styles['turns']}>
        {turns.map((turn) => (
          <HeldTurn
            key={turn.turnId}
            turn={turn}
            number={numbers.indexOf(turn.turnId) + 1}
            isCancellable={!isOne}
          />
        ))}
      </ul>
      <Group justify="space-between" gap="sm">
        <Text size="xs" c="dimmed">
          Until somebody decides {isOne ? 'it waits' : 'they wait'}
          {isIdle && '; new requests are worked on at once'}.
        </Text>
        <Group gap="xs">
          <CommandButton
            fields={{ intent: 'drop_held', turnIds }}
            variant="light"
            color="red"
            leftSection={<IconTrash size={14} />}
          >
            Drop {it}
          </CommandButton>
          <CommandButton
            fields={{ intent: 'release_held', turnIds }}
            leftSection={<IconPlayerPlayFilled size={13} />}
          >
            Go on
          </CommandButton>
        </Group>
      </Group>
    </Paper>
  );
}

function HeldTurn(props: {
  readonly turn: Turn;
  readonly number: number;
  /** Where it is the only one, dropping it is the same. */
  readonly isCancellable: boolean;
}) {
  const { turnId, text, requestedBy } = props.turn;
  const request = requestOf(text);
  return (
    <li>
      <div className={styles['request']}>
        <div className={styles['text']}>{request}</div>
        <Text size="xs" c="dimmed">
          {capitalised(actorName(requestedBy))}, turn {props.number}
        </Text>
      </div>
      {props.isCancellable && (
        <CommandButton
          fields={{ intent: 'cancel', turnId }}
          name={`Cancel: ${request.slice(0, 80)}`}
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} />}
        >
          Cancel
        </CommandButton>
      )}
    </li>
  );
}
