import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

/** Reads the page's data again whenever a session has advanced. The server tells at most once a second. */
export function useLiveList(): void {
  const revalidator = useRevalidator();
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
    source.addEventListener('advanced', refresh);
    // After a broken connection nobody knows what has been missed.
    let opened = false;
    source.addEventListener('open', () => {
      if (opened) refresh();
      opened = true;
    });
    document.addEventListener('visibilitychange', onShown);
    return () => {
      source.close();
      document.removeEventListener('visibilitychange', onShown);
    };
  }, []);
}
