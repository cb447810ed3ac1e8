import { Center, Group, Stack, Text } from '@mantine/core';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { IconMailOff } from '@tabler/icons-react';
import type { SlotDelivery } from 'orchestrator/client';
import { type ThreadRef, threadOf } from 'orchestrator/domain';
import { useEffect, useRef } from 'react';
import { DeliverySlot } from '../components/delivery-slot.tsx';
import { RebuildButton } from '../components/rebuild-button.tsx';
import { byUrgency, slotName } from '../delivery/slot-words.ts';
import { useDeliveryNews } from '../live/delivery-news.tsx';
import { deliveryCommandFromForm } from '../server/delivery-command.server.ts';
import { notFound, sessionIdOf } from '../server/params.server.ts';
import { useSessionLog } from '../session/outlet.ts';
import { count } from '../words.ts';

export async function loader({ params, context: { deckhand, delivery, links } }: LoaderFunctionArgs) {
  const sessionId = sessionIdOf(params);
  const session = await deckhand.session(sessionId);
  if (!session || session.state.status === 'unopened') throw notFound();
  const thread = threadOf(session.state.trigger);
  const slots = (await delivery.current()?.slots(sessionId)) ?? null;
  const urlOf = (slot: SlotDelivery) => (thread && links.slackThread?.(threadOfSlot(slot, thread))) ?? null;
  return {
    sessionId,
    slots: slots
      ? byUrgency(
          slots.map((slot) => ({
            slot,
            url: slot.ts === null ? null : urlOf(slot),
            isElsewhere: thread !== null && slot.channel !== thread.channel,
          })),
        )
      : null,
  };
}

/** A message that could not go to the thread may be somewhere else, such as in the requester's direct messages. */
function threadOfSlot({ channel, ts }: SlotDelivery, thread: ThreadRef): ThreadRef {
  return channel === thread.channel || ts === null ? thread : { ...thread, channel, threadTs: ts };
}

export async function action({ request, params, context: { delivery, member } }: ActionFunctionArgs) {
  if (!member) throw new Response('Sign in first.', { status: 401 });
  const form = await request.formData();
  return await deliveryCommandFromForm(delivery.current(), { sessionId: sessionIdOf(params), form });
}

export default function SessionDelivery() {
  const { sessionId, slots } = useLoaderData<typeof loader>();
  const turns = useSessionLog().view.state.knownTurns;
  useLiveSlots();
  if (slots === null) {
    return <Nothing title="Slack is not connected yet">What its thread holds is known once it is.</Nothing>;
  }
  if (slots.length === 0) {
    return (
      <Nothing title="Nothing to deliver yet">The first message appears here as soon as work begins.</Nothing>
    );
  }
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" role="status">
          {inShort(slots.map(({ slot }) => slot))}
        </Text>
        <RebuildButton
          label="Rebuild thread"
          title="Rebuild the thread?"
          action={`/sessions/${sessionId}/delivery`}
        >
          Deckhand forgets what it has sent and makes every message of this thread anew from the session's
          log.
        </RebuildButton>
      </Group>
      {slots.map(({ slot, url, isElsewhere }) => (
        <DeliverySlot
          key={slot.slot}
          slot={slot}
          name={slotName(slot.slot, turns)}
          sessionId={sessionId}
          url={url}
          isElsewhere={isElsewhere}
        />
      ))}
    </Stack>
  );
}

function inShort(slots: readonly SlotDelivery[]): string {
  const of = (state: SlotDelivery['state']) => slots.filter((slot) => slot.state === state).length;
  const [stuck, waiting] = [of('stuck'), of('waiting')];
  const all = count(slots.length, 'message');
  if (stuck === 0 && waiting === 0) return `${all}; Slack has them all as they should be.`;
  const parts = [waiting > 0 && `${waiting} waiting`, stuck > 0 && `${stuck} stuck`];
  return `${all}, ${parts.filter(Boolean).join(', ')}.`;
}

/** Reads again whenever the stream of the session's page says that delivery has changed. */
function useLiveSlots(): void {
  const { changes } = useDeliveryNews();
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  useEffect(() => {
    if (changes > 0) latest.current.revalidate();
  }, [changes]);
}

function Nothing({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <Center py={64}>
      <Stack align="center" gap={6} ta="center" px="md">
        <IconMailOff size={34} stroke={1.4} color="var(--mantine-color-dimmed)" />
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" size="sm">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}
