import type { App, ReceiverEvent } from '@slack/bolt';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import { z } from 'zod';
import { intakeOf } from './deliveries.ts';
import type { Inbox } from './inbox.ts';
import type { Sign } from './thread-sender.ts';

export type IntakeDeps = {
  readonly inbox: Pick<Inbox, 'put'>;
  readonly faults: FaultPoints;
  readonly botUserId: string;
  /** Hears of signs that a channel takes our messages. */
  readonly onSign: (sign: Sign, channel: string) => void;
};

/**
 * Takes one delivery in. What can wait is stored, acknowledged, and worked on in its thread's order; what Slack wants
 * an answer to runs at once. What nobody acknowledges is acknowledged here, or Slack would show the person a warning.
 */
export async function takeIn(deps: IntakeDeps, app: App, event: ReceiverEvent): Promise<void> {
  const intake = intakeOf(event.body);
  if (intake.take !== 'answer') {
    if (intake.take === 'keep') {
      await deps.faults.at('intake.before_store');
      await deps.inbox.put(intake.delivery);
      await deps.faults.at('intake.after_store');
    }
    await event.ack();
    await deps.faults.at('intake.after_ack');
    // What we drop is what we did ourselves: it says nothing new about the channel.
    const sign = intake.take === 'keep' ? signOf(event.body, deps.botUserId) : null;
    if (sign) deps.onSign(sign.sign, sign.channel);
    return;
  }
  let isAcknowledged = false;
  const ack: ReceiverEvent['ack'] = async (response) => {
    isAcknowledged = true;
    await event.ack(response);
  };
  await app.processEvent({ ...event, ack });
  if (!isAcknowledged) await event.ack();
}

const signSchema = z.object({
  event: z.object({
    type: z.string(),
    user: z.string().optional().catch(undefined),
    channel: z.string(),
  }),
});

/** Events that say that a channel takes messages of ours again. */
const UNARCHIVED: ReadonlySet<string> = new Set(['channel_unarchive', 'group_unarchive']);

/** What an event says about whether we may write where it happened. Pure. */
function signOf(body: unknown, botUserId: string): { sign: Sign; channel: string } | null {
  const parsed = signSchema.safeParse(body);
  if (!parsed.success) return null;
  const { type, user, channel } = parsed.data.event;
  const isMended = UNARCHIVED.has(type) || (type === 'member_joined_channel' && user === botUserId);
  return { sign: isMended ? 'mended' : 'traffic', channel };
}
