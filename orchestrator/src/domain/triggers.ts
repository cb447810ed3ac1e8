import { z } from 'zod';

/** What started a session; kept as provenance. More kinds join with their integrations. */
export const triggerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slack_message'),
    team: z.string().max(64),
    channel: z.string().max(64),
    /** The thread's root. */
    threadTs: z.string().max(32),
  }),
  z.object({ kind: z.literal('console') }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

/** A Slack thread; one session each. */
export type ThreadRef = { readonly team: string; readonly channel: string; readonly threadTs: string };

/** The thread in which a session is shown; null when it has none. */
export function threadOf(trigger: Trigger): ThreadRef | null {
  if (trigger.kind !== 'slack_message') return null;
  return { team: trigger.team, channel: trigger.channel, threadTs: trigger.threadTs };
}
