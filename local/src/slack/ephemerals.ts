import type { Message } from './page-api.ts';

const KEPT = 500;

export type Ephemerals = ReturnType<typeof createEphemerals>;

/** The last ephemeral messages, so that their buttons work. Slack does not store them either. */
export function createEphemerals() {
  const messages = new Map<string, Message>();
  const key = (channel: string, ts: string): string => `${channel}/${ts}`;
  return {
    put(message: Message): void {
      messages.set(key(message.channel, message.ts), message);
      const oldest = messages.keys().next().value;
      if (messages.size > KEPT && oldest !== undefined) messages.delete(oldest);
    },
    get: (channel: string, ts: string): Message | null => messages.get(key(channel, ts)) ?? null,
    remove(channel: string, ts: string): void {
      messages.delete(key(channel, ts));
    },
  };
}
