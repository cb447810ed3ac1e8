import type { Delivery } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import { z } from 'zod';
import type { CommandResult } from './session-command.server.ts';

const formSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('retry'), slot: z.string().min(1).max(300) }),
  z.object({ intent: z.literal('rebuild') }),
]);

const INCOMPLETE = { done: false, problem: 'Something is missing in the form. Reload the page.' } as const;
const NOT_CONNECTED = {
  done: false,
  problem: 'Slack is not connected yet. Try again in a moment.',
} as const;

/** Carries out what somebody asked for about all threads. */
export async function healthCommandFromForm(
  delivery: Delivery | null,
  form: FormData,
): Promise<CommandResult> {
  if (form.get('intent') !== 'rebuild') return INCOMPLETE;
  if (!delivery) return NOT_CONNECTED;
  return { done: true, threads: await delivery.rebuildAll() };
}

/** Carries out what somebody asked for about a session's messages in Slack. */
export async function deliveryCommandFromForm(
  delivery: Delivery | null,
  { sessionId, form }: { readonly sessionId: SessionId; readonly form: FormData },
): Promise<CommandResult> {
  const wish = formSchema.safeParse(Object.fromEntries(form));
  if (!wish.success) return INCOMPLETE;
  if (!delivery) return NOT_CONNECTED;
  if (wish.data.intent === 'rebuild') {
    await delivery.rebuild(sessionId);
    return { done: true, threads: 1 };
  }
  const tried = await delivery.retry(sessionId, wish.data.slot);
  return tried ? { done: true } : { done: false, problem: 'There is no such message any more.' };
}
