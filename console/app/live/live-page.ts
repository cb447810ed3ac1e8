import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useTellDelivery } from './delivery-news.tsx';

/**
 * Reads the page's data again whenever one of these has changed: `advanced` is any session, `delivery` what Slack has.
 * The server tells of each at most once a second, and once when the stream begins. `events` must stay the same object.
 */
export function useLivePage(events: readonly ('advanced' | 'delivery')[]): void {
  const revalidator = useRevalidator();
  const tellDelivery = useTellDelivery();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  useEffect(() => {
    const source = new EventSource('/events');
    let missed = false;
    const refresh = () => {
      missed = document.hidden;
      if (!missed) latest.current.revalidate();
    };
    const onShown = () => missed && refresh();
    source.addEventListener('delivery', tellDelivery);
    for (const event of events) source.addEventListener(event, refresh);
    document.addEventListener('visibilitychange', onShown);
    return () => {
      source.close();
      document.removeEventListener('visibilitychange', onShown);
    };
  }, [events, tellDelivery]);
}
