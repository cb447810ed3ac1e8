import { ActionIcon, Button, CopyButton, Group, Paper, SegmentedControl, Slider, Text } from '@mantine/core';
import {
  IconLink,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
} from '@tabler/icons-react';
import type { Entry } from 'orchestrator/domain';
import { useMemo } from 'react';
import type { Player } from '../replay/player.ts';
import { type Replay, SPEEDS } from '../replay/use-replay.ts';
import { playTime } from '../words.ts';
import styles from './replay-transport.module.css';
import { ClockTime } from './time.tsx';

type ReplayTransportProps = {
  readonly replay: Replay;
  readonly player: Player;
  readonly entries: readonly Entry[];
};

/** The slider and its buttons. */
export function ReplayTransport({ replay, player, entries }: ReplayTransportProps) {
  const entry = entries[replay.index];
  return (
    <Paper withBorder radius="lg" p="md" className={styles['transport'] ?? ''}>
      <Scrubber replay={replay} player={player} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Group gap={6}>
          <ActionIcon variant="default" size="lg" onClick={() => replay.step(-1)} aria-label="One step back">
            <IconPlayerSkipBackFilled size={15} />
          </ActionIcon>
          <ActionIcon
            variant="filled"
            size="xl"
            radius="xl"
            onClick={replay.toggle}
            aria-label={replay.playing ? 'Pause' : 'Play'}
          >
            {replay.playing ? <IconPlayerPauseFilled size={19} /> : <IconPlayerPlayFilled size={19} />}
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="lg"
            onClick={() => replay.step(1)}
            aria-label="One step forward"
          >
            <IconPlayerSkipForwardFilled size={15} />
          </ActionIcon>
          <Text size="sm" ml={8} className={styles['time'] ?? ''} data-testid="replay-position">
            {playTime(replay.timeMs)} / {playTime(player.durationMs)}
            <Text span size="xs" c="dimmed" ml={10}>
              entry {entry?.seq ?? 0} {entry && <ClockTime at={entry.at} />}
            </Text>
          </Text>
        </Group>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            data={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
            value={String(replay.speed)}
            onChange={(value) => replay.setSpeed(SPEEDS.find((speed) => String(speed) === value) ?? 1)}
            aria-label="Speed"
          />
          <MomentLink seq={entry?.seq ?? 0} />
        </Group>
      </Group>
    </Paper>
  );
}

/** More marks than this cannot be told apart on a slider. */
const MARKS = 60;

function Scrubber({ replay, player }: Pick<ReplayTransportProps, 'replay' | 'player'>) {
  const marks = useMemo(
    () => player.marks.slice(0, MARKS).map(({ index }) => ({ value: player.timeOf(index) })),
    [player],
  );
  const failures = player.marks.filter((mark) => mark.kind === 'failure');
  return (
    <div className={styles['scrubber']}>
      <Slider
        value={replay.timeMs}
        onChange={replay.seek}
        min={0}
        max={Math.max(1, player.durationMs)}
        step={1}
        marks={marks}
        label={playTime}
        size="md"
        thumbLabel="Position in the replay"
      />
      {failures.map(({ index, label }) => (
        <button
          key={index}
          type="button"
          className={styles['failure']}
          style={{ left: `${(player.timeOf(index) / Math.max(1, player.durationMs)) * 100}%` }}
          onClick={() => replay.jump(index)}
          aria-label={`Go to the failure ${label}`}
          title={label}
        />
      ))}
    </div>
  );
}

function MomentLink({ seq }: { readonly seq: number }) {
  const address =
    typeof window === 'undefined' ? '' : `${window.location.origin}${window.location.pathname}#seq=${seq}`;
  return (
    <CopyButton value={address}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" leftSection={<IconLink size={14} />} onClick={copy}>
          {copied ? 'Copied' : 'Link'}
        </Button>
      )}
    </CopyButton>
  );
}
