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

/** Delivers Events API events, each stored before its first try, until the app acknowledges. */
export function createEventQueue(deps: Deps) {
  const { deliveries, clock } = deps;
  const sender = createSender(deps);
  let duplicates = { type: '', times: 0 };
  return {
    /** `event` is the inner event; the envelope around it is added here. */
    deliver(event: Record<string, unknown>): void {
      const eventId = newId('Ev');
      const created = clock.now();
      const payload = eventCallback(event, { eventId, created });
      const delivery: Delivery = { eventId, payload, attempt: 0, created };
      deliveries.put(delivery);
      sender.send(delivery);
      if (duplicates.times === 0 || duplicates.type !== event['type']) return;
      duplicates = { ...duplicates, times: duplicates.times - 1 };
      sender.send(delivery);
    },
    flush: sender.flush,
    /** The next `times` events of this type reach the app twice, with the same event id. */
    duplicate(type: string, times: number): void {
      duplicates = { type, times };
    },
    /** Events not acknowledged yet. */
    pending: (): number => deliveries.all().length,
    close: sender.close,
  };
}

function createSender({ hub, deliveries, clock, options }: Deps) {
  const timers = new Set<NodeJS.Timeout>();
  /** Being delivered, or waiting for the next retry. */
  const inFlight = new Set<string>();
  let isClosed = false;

  const send = (delivery: Delivery): void => {
    if (isClosed) return;
    inFlight.add(delivery.eventId);
    void attempt(delivery);
  };

  const attempt = async (delivery: Delivery): Promise<void> => {
    const { eventId } = delivery;
    if (hub.sockets() === 0) {
      inFlight.delete(eventId); // held: `flush` delivers it when a socket opens
      return;
    }
    const retry = { attempt: delivery.attempt, reason: delivery.attempt === 0 ? '' : 'timeout' };
    const answer = await hub.send({ type: 'events_api', payload: delivery.payload, retry });
    if (isClosed) return;
    if (answer === null) {
      retryLater(delivery);
      return;
    }
    inFlight.delete(eventId);
    deliveries.remove(eventId);
  };

  const retryLater = (delivery: Delivery): void => {
    const delayMs = options.retryDelaysMs[delivery.attempt];
    if (delayMs === undefined) {
      inFlight.delete(delivery.eventId);
      deliveries.remove(delivery.eventId);
      return;
    }
    const next = { ...delivery, attempt: delivery.attempt + 1 };
    deliveries.put(next);
    const timer = setTimeout(() => {
      timers.delete(timer);
      send(next);
    }, delayMs);
    timer.unref();
    timers.add(timer);
  };

  return {
    send,
    /** Delivers what was held while no socket was open; Slack calls that delivery a retry. */
    flush(): void {
      if (isClosed) return;
      for (const delivery of deliveries.all().filter((entry) => !inFlight.has(entry.eventId))) {
        if (clock.now() - delivery.created > options.offlineHoldMs) {
          deliveries.remove(delivery.eventId);
          continue;
        }
        const next = { ...delivery, attempt: Math.max(delivery.attempt, 1) };
        deliveries.put(next);
        send(next);
      }
    },
    close(): void {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function eventCallback(
  event: Record<string, unknown>,
  { eventId, created }: { eventId: string; created: number },
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
