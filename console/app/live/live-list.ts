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
    // What has happened before the connection stood, at first or again, nobody has told.
    source.addEventListener('open', refresh);
    document.addEventListener('visibilitychange', onShown);
    return () => {
      source.close();
      document.removeEventListener('visibilitychange', onShown);
    };
  }, []);
}
