import { Anchor, Badge, Group, Paper, Text } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import type { SlotDelivery } from 'orchestrator/client';
import { slotState } from '../delivery/slot-words.ts';
import { count } from '../words.ts';
import styles from './delivery-slot.module.css';
import { RetrySlotButton } from './retry-slot-button.tsx';
import { Ago } from './time.tsx';

type DeliverySlotProps = {
  readonly slot: SlotDelivery;
  readonly name: string;
  readonly sessionId: string;
  /** Where the message is in Slack; null before it has been posted. */
  readonly url: string | null;
};

/** One message of the thread: what it should say, what Slack has, and what keeps the two apart. */
export function DeliverySlot({ slot, name, sessionId, url }: DeliverySlotProps) {
  const { label, color } = slotState(slot);
  return (
    <Paper
      component="article"
      withBorder
      radius="lg"
      p="md"
      aria-label={name}
      className={styles['slot'] ?? ''}
      data-state={slot.state}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div className={styles['head']}>
          <Text fw={600} size="sm" component="h2">
            {name}
          </Text>
          <Facts slot={slot} url={url} />
        </div>
        <Badge color={color} variant="light" tt="none" className={styles['badge'] ?? ''}>
          {label}
        </Badge>
      </Group>
      {slot.problem && (
        <div className={styles['problem']} data-tone={slot.state === 'stuck' ? 'bad' : 'warn'}>
          <IconAlertTriangle size={17} aria-hidden />
          <div>
            {slot.problem.sentence}
            <Text size="xs" c="dimmed" mt={2}>
              <span className="mono">{slot.problem.code}</span> · <Ago at={slot.problem.at} />
            </Text>
          </div>
          {slot.state === 'stuck' && <RetrySlotButton sessionId={sessionId} slot={slot.slot} name={name} />}
        </div>
      )}
      <Texts slot={slot} />
    </Paper>
  );
}

function Facts({ slot, url }: Pick<DeliverySlotProps, 'slot' | 'url'>) {
  return (
    <Text size="xs" c="dimmed" className={styles['facts'] ?? ''}>
      {slot.sentAt !== null && (
        <span>
          sent <Ago at={slot.sentAt} />
        </span>
      )}
      <span>{slot.tries === 0 ? 'not tried yet' : count(slot.tries, 'try', 'tries')}</span>
      <span className="mono">{slot.slot}</span>
      {url !== null && (
        <Anchor href={url} target="_blank" rel="noreferrer" size="xs">
          In the thread <IconExternalLink size={12} aria-hidden />
        </Anchor>
      )}
    </Text>
  );
}

function Texts({ slot: { wanted, sent } }: Pick<DeliverySlotProps, 'slot'>) {
  if (sent === wanted) return <Words title="Slack has what it should" text={wanted} />;
  return (
    <div className={styles['both']}>
      <Words title="Should say" text={wanted} />
      {sent === null ? (
        <div>
          <Text size="xs" c="dimmed" mb={4}>
            Slack has
          </Text>
          <Text size="sm" c="dimmed" fs="italic">
            Nothing yet
          </Text>
        </div>
      ) : (
        <Words title="Slack has" text={sent} />
      )}
    </div>
  );
}

function Words({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {title}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className={styles['text']} tabIndex={0}>
        {text === '' ? <em>No text</em> : text}
      </div>
    </div>
  );
}
