import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useTellDelivery } from './delivery-news.tsx';
import { whileShown } from './while-shown.ts';

/**
 * Reads the page's data again whenever one of these has changed: `advanced` is any session, `delivery` what Slack has.
 * The server tells of each at most once a second, and once when the stream begins: so a page that was hidden catches up.
 * `events` must stay the same object.
 */
export function useLivePage(events: readonly ('advanced' | 'delivery')[]): void {
  const revalidator = useRevalidator();
  const tellDelivery = useTellDelivery();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  useEffect(
    () =>
      whileShown(() => {
        const source = new EventSource('/events');
        source.addEventListener('delivery', tellDelivery);
        for (const event of events) source.addEventListener(event, () => latest.current.revalidate());
        return source;
      }),
    [events, tellDelivery],
  );
}
