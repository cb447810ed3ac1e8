import type { LateDelivery } from '../../server/late-delivery.ts';
import type { DeliveryNews } from '../session/wire.ts';
import { changes } from './changes.server.ts';
import type { StreamEvent } from './event-stream.server.ts';

/** Events that say how delivery stands, whenever that has changed. */
export function deliveryNews(delivery: LateDelivery, signal: AbortSignal): AsyncIterable<StreamEvent> {
  return changes((listener) => delivery.onChange(listener), {
    event: 'delivery',
    read: async (): Promise<DeliveryNews> => ({ stuck: await stuckCount(delivery) }),
    signal,
  });
}

/** How many messages Slack does not take. */
export async function stuckCount(delivery: LateDelivery): Promise<number> {
  return (await delivery.current()?.health())?.stuckCount ?? 0;
}
