import { useMounted } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { clockTime, relativeTime } from '../words.ts';

/** The present, in milliseconds since the epoch; moves on every so often, or with null not at all. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** "3 min ago"; the exact time on hover. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(15_000);
  const mounted = useMounted();
  return (
    <time dateTime={at} title={mounted ? new Date(at).toLocaleString() : undefined} suppressHydrationWarning>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** The time of day where the reader is; the server, which cannot know that, leaves it out. */
export function ClockTime({ at }: { readonly at: string }) {
  const mounted = useMounted();
  return (
    <time dateTime={at} title={mounted ? new Date(at).toLocaleString() : undefined}>
      {mounted ? clockTime(at) : '\u00a0'}
    </time>
  );
}
