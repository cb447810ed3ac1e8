import { Anchor, Badge, Group, Paper, Text } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import type { SlotDelivery } from 'orchestrator/client';
import { plainText } from '../delivery/plain-text.ts';
import { slackHas, slotCalls, slotState } from '../delivery/slot-words.ts';
import styles from './delivery-slot.module.css';
import { RetrySlotButton } from './retry-slot-button.tsx';
import { Ago } from './time.tsx';

type DeliverySlotProps = {
  readonly slot: SlotDelivery;
  readonly name: string;
  readonly sessionId: string;
  /** Where the message is in Slack; null before it has been posted. */
  readonly url: string | null;
  /** It could not go to the thread, and its requester was told in person. */
  readonly isElsewhere: boolean;
};

/** One message of the thread: what it should say, what Slack has, and what keeps the two apart. */
export function DeliverySlot({ slot, name, sessionId, url, isElsewhere }: DeliverySlotProps) {
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
          <Facts slot={slot} url={url} isElsewhere={isElsewhere} />
        </div>
        <Badge color={color} variant="light" tt="none" className={styles['badge'] ?? ''}>
          {label}
        </Badge>
      </Group>
      {slot.problem && (
        <div className={styles['problem']} data-tone={slot.state === 'stuck' ? 'bad' : 'warn'}>
          <IconAlertTriangle size={17} aria-hidden />
          <div>
            {plainText(slot.problem.sentence)}
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

function Facts({ slot, url, isElsewhere }: Pick<DeliverySlotProps, 'slot' | 'url' | 'isElsewhere'>) {
  const calls = slotCalls(slot);
  return (
    <Text size="xs" c="dimmed" className={styles['facts'] ?? ''}>
      {slot.sentAt !== null && (
        <span>
          sent <Ago at={slot.sentAt} />
        </span>
      )}
      {calls !== null && <span>{calls}</span>}
      <span className="mono">{slot.slot}</span>
      {url !== null && (
        <Anchor href={url} target="_blank" rel="noreferrer" size="xs">
          {isElsewhere ? 'In direct messages' : 'In the thread'} <IconExternalLink size={12} aria-hidden />
        </Anchor>
      )}
    </Text>
  );
}

function Texts({ slot }: Pick<DeliverySlotProps, 'slot'>) {
  const { state, wanted, sent } = slot;
  const has = slackHas(slot);
  if (state === 'sent' || sent === wanted) return <Words title={has} text={wanted} />;
  return (
    <div className={styles['both']}>
      <Words title="Should say" text={wanted} />
      {sent === null ? (
        <div>
          <Text size="xs" c="dimmed" mb={4}>
            Slack has
          </Text>
          <Text size="sm" c="dimmed" fs="italic">
            {has}
          </Text>
        </div>
      ) : (
        <Words title={has} text={sent} />
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
        {text === '' ? <em>No text</em> : plainText(text)}
      </div>
    </div>
  );
}
