import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** An event that the app has not acknowledged yet. */
export type Delivery = {
  readonly eventId: string;
  readonly payload: Record<string, unknown>;
  /** 0 is the first try; 1 to 3 are Slack's retries. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly created: number;
};

const row = z.object({ event_id: z.string(), payload: z.string(), attempt: z.number(), created: z.number() });

export type Deliveries = ReturnType<typeof createDeliveries>;

export function createDeliveries(db: DatabaseSync) {
  const put = db.prepare(
    `INSERT INTO deliveries (event_id, payload, attempt, created) VALUES (?, ?, ?, ?)
     ON CONFLICT (event_id) DO UPDATE SET attempt = excluded.attempt`,
  );
  const remove = db.prepare('DELETE FROM deliveries WHERE event_id = ?');
  const all = db.prepare('SELECT event_id, payload, attempt, created FROM deliveries ORDER BY rowid');
  return {
    put(delivery: Delivery): void {
      put.run(delivery.eventId, JSON.stringify(delivery.payload), delivery.attempt, delivery.created);
    },
    remove(eventId: string): void {
      remove.run(eventId);
    },
    /** Oldest first. */
    all(): Delivery[] {
      return z
        .array(row)
        .parse(all.all())
        .map(({ event_id, payload, attempt, created }) => ({
          eventId: event_id,
          payload: z.record(z.string(), z.unknown()).parse(JSON.parse(payload)),
          attempt,
          created,
        }));
    },
  };
}
