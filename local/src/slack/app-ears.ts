import type { AppManifest } from './manifest.ts';
import type { ShapeDeps } from './message-shapes.ts';
import type { Channel } from './page-api.ts';
import { BOT_USER_ID } from './seed.ts';
import type { EventQueue } from './socket/event-queue.ts';

export type EventDeps = ShapeDeps & {
  readonly queue: EventQueue;
  readonly manifest: AppManifest;
  readonly newTs: () => string;
};

export type Ears = ReturnType<typeof createEars>;

/** What the app hears: the events it subscribed to, in the channels that it is in. */
export function createEars({ queue, store, manifest }: EventDeps) {
  const subscriptions = new Set(manifest.settings.event_subscriptions.bot_events);
  return {
    channel(id: string): Channel | null {
      const channel = store.directory.channel(id);
      return channel?.members.includes(BOT_USER_ID) ? channel : null;
    },
    deliver(subscription: string, event: Record<string, unknown>): void {
      if (subscriptions.has(subscription)) queue.deliver(event);
    },
  };
}
