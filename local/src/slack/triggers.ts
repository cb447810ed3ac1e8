import type { Clock } from './clock.ts';
import { SlackError } from './errors.ts';
import { newSecret } from './ids.ts';

/** Slack: "trigger_ids expire three seconds after you receive them". */
const LIFETIME_MS = 3000;
const KEPT = 1000;

export type Trigger = { readonly user: string; readonly viewId: string | null };
export type Triggers = ReturnType<typeof createTriggers>;

/** The tickets by which an app may open a modal in answer to what a person did. */
export function createTriggers(clock: Clock) {
  const triggers = new Map<string, Trigger & { issuedAt: number; isUsed: boolean }>();
  return {
    issue(trigger: Trigger): string {
      const id = `${clock.now()}.${newSecret()}`;
      triggers.set(id, { ...trigger, issuedAt: clock.now(), isUsed: false });
      const oldest = triggers.keys().next().value;
      if (triggers.size > KEPT && oldest !== undefined) triggers.delete(oldest);
      return id;
    },
    /** Throws invalid_trigger_id, exchanged_trigger_id or expired_trigger_id. */
    redeem(id: string): Trigger {
      const trigger = triggers.get(id);
      if (!trigger) throw new SlackError('invalid_trigger_id');
      if (trigger.isUsed) throw new SlackError('exchanged_trigger_id');
      if (clock.now() - trigger.issuedAt > LIFETIME_MS) throw new SlackError('expired_trigger_id');
      trigger.isUsed = true;
      return trigger;
    },
  };
}
