import { EventEmitter } from 'node:events';
import type { Delivery } from 'orchestrator/client';

/** The delivery of a Slack app that starts after the console, because its messages point to the console's pages. */
export type LateDelivery = {
  /** null until the Slack app runs, and where there is none. */
  current(): Delivery | null;
  /** Calls the listener when the figures have changed, the first time when the Slack app has come. */
  onChange(listener: () => void): () => void;
};

export function lateDelivery(arriving: Promise<Delivery> | null): LateDelivery {
  const arrival = new EventEmitter();
  arrival.setMaxListeners(0);
  let current: Delivery | null = null;
  arriving?.then(
    (delivery) => {
      current = delivery;
      arrival.emit('arrived', delivery);
    },
    // Who starts the Slack app hears why it did not start.
    () => undefined,
  );
  return {
    current: () => current,
    onChange(listener) {
      if (current) return current.onChange(listener);
      let stop = () => {};
      const onArrived = (delivery: Delivery) => {
        stop = delivery.onChange(listener);
        listener();
      };
      arrival.once('arrived', onArrived);
      return () => {
        arrival.off('arrived', onArrived);
        stop();
      };
    },
  };
}
