import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { APP_ID, BOT_USER_ID, TEAM } from '../seed.ts';
import type { Deliveries, Delivery } from '../store/deliveries.ts';
import type { Hub } from './hub.ts';

export type QueueOptions = {
  /**
   * Wait before each retry of an event that was not acknowledged, in milliseconds, counted from the missed ack.
   * Slack: at once, after a minute, after five. After the last one the event is lost.
   */
  readonly retryDelaysMs: readonly number[];
  /** How long events are held while no socket is open. Kinder than Slack, which gives up after some six minutes. */
  readonly offlineHoldMs: number;
};

export const DEFAULT_QUEUE: QueueOptions = {
  retryDelaysMs: [0, 60_000, 300_000],
  offlineHoldMs: 3_600_000,
};

type Deps = {
  readonly hub: Hub;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  readonly options: QueueOptions;
};

export type EventQueue = ReturnType<typeof createEventQueue>;

/** Delivers Events API events and delivers them again until the app acknowledges. Stored before the first try. */
export function createEventQueue({ hub, deliveries, clock, options }: Deps) {
  const timers = new Set<NodeJS.Timeout>();
  const inFlight = new Set<string>();
  let duplicates: { type: string; times: number } | null = null;
  let isClosed = false;

  const later = (run: () => void, delayMs: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timer.unref();
    timers.add(timer);
  };

  const missed = (delivery: Delivery): void => {
    const delayMs = options.retryDelaysMs[delivery.attempt];
    if (delayMs === undefined) {
      deliveries.remove(delivery.eventId);
      return;
    }
    const next = { ...delivery, attempt: delivery.attempt + 1 };
    deliveries.put(next);
    inFlight.add(next.eventId);
    later(() => void attempt(next), delayMs);
  };

  const attempt = async (delivery: Delivery): Promise<void> => {
    if (hub.sockets() === 0) {
      inFlight.delete(delivery.eventId); // held: `flush` delivers it when a socket opens
      return;
    }
    inFlight.add(delivery.eventId);
    const retry = { attempt: delivery.attempt, reason: delivery.attempt === 0 ? '' : 'timeout' };
    const answer = await hub.send({ type: 'events_api', payload: delivery.payload, retry });
    inFlight.delete(delivery.eventId);
    if (isClosed) return;
    if (answer === null) missed(delivery);
    else deliveries.remove(delivery.eventId);
  };

  const takeDuplicate = (type: unknown): boolean => {
    if (!duplicates || duplicates.type !== type || duplicates.times === 0) return false;
    duplicates = { ...duplicates, times: duplicates.times - 1 };
    return true;
  };

  return {
    /** `event` is the inner event; the envelope around it is added here. */
    deliver(event: Record<string, unknown>): void {
      const delivery: Delivery = {
        eventId: newId('Ev'),
        payload: {},
        attempt: 0,
        created: clock.now(),
      };
      const stored = { ...delivery, payload: eventCallback(event, delivery) };
      deliveries.put(stored);
      void attempt(stored);
      if (takeDuplicate(event['type'])) void attempt(stored);
    },
    /** Delivers what was held while no socket was open; Slack calls that delivery a retry. */
    flush(): void {
      for (const delivery of deliveries.all()) {
        if (inFlight.has(delivery.eventId)) continue;
        if (clock.now() - delivery.created > options.offlineHoldMs) {
          deliveries.remove(delivery.eventId);
          continue;
        }
        const next = { ...delivery, attempt: Math.max(delivery.attempt, 1) };
        deliveries.put(next);
        void attempt(next);
      }
    },
    /** The next `times` events of this type reach the app twice, with the same event id. */
    duplicate(type: string, times: number): void {
      duplicates = { type, times };
    },
    /** Events not acknowledged yet. */
    pending: (): number => deliveries.all().length,
    close(): void {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function eventCallback(
  event: Record<string, unknown>,
  { eventId, created }: Delivery,
): Record<string, unknown> {
  return {
    token: 'local',
    team_id: TEAM.id,
    context_team_id: TEAM.id,
    context_enterprise_id: null,
    api_app_id: APP_ID,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(created / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: TEAM.id,
        user_id: BOT_USER_ID,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
}
