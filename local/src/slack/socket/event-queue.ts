import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { APP_ID, BOT_USER_ID, TEAM } from '../seed.ts';
import type { Deliveries, Delivery } from '../store/deliveries.ts';
import { createEventFaults } from './event-faults.ts';
import { createHeld } from './held.ts';
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
  let onFaults = (): void => {};
  const sender = createSender(deps);
  const faults = createEventFaults(() => onFaults());
  const held = createHeld(() => onFaults());
  return {
    faults,
    /** `event` is the inner event; the envelope around it is added here. */
    deliver(event: Record<string, unknown>): void {
      const eventId = newId('Ev');
      const created = clock.now();
      const payload = eventCallback(event, { eventId, created });
      const delivery: Delivery = { eventId, payload, attempt: 0, created };
      const fate = faults.take(String(event['type']));
      deliveries.put(delivery);
      sender.claim(delivery, { isDeaf: fate.isDeaf });
      const send = (): void => {
        sender.send(delivery);
        if (fate.isDuplicate) sender.send(delivery);
      };
      if (fate.delayMs === 0) send();
      else held.add(send, fate.delayMs);
    },
    flush: sender.flush,
    /** Tells `listener` when a fault of events is set, used or ended, and when a late event is held or let go. */
    onFaults(listener: () => void): void {
      onFaults = listener;
    },
    /** Late events that are not delivered yet. */
    heldEvents: held.count,
    /** Ends every fault of events, and delivers the late ones now. */
    clearFaults(): void {
      faults.clear();
      held.letGo();
    },
    /** Events not acknowledged yet. */
    pending: (): number => deliveries.all().length,
    close(): void {
      held.close();
      sender.close();
    },
  };
}

function createSender({ hub, deliveries, clock, options }: Deps) {
  const timers = new Set<NodeJS.Timeout>();
  /** Being delivered, or waiting for the next retry. */
  const inFlight = new Set<string>();
  /** Events whose next ack is not heard. */
  const deaf = new Set<string>();
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
    const isDeaf = deaf.delete(eventId);
    const answer = await hub.send({ type: 'events_api', payload: delivery.payload, retry, isDeaf });
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
    /** Makes the event ours before it is sent, so that `flush` leaves it alone. */
    claim({ eventId }: Delivery, { isDeaf }: { readonly isDeaf: boolean }): void {
      inFlight.add(eventId);
      if (isDeaf) deaf.add(eventId);
    },
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
