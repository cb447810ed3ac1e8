import { useRouteLoaderData } from '@remix-run/react';
import { useEffect, useState } from 'react';
import type { loader as rootLoader } from '../root.tsx';
import { clockTime, duration, fullTime, relativeTime, utcClockTime } from '../words.ts';
import { useAwake } from './awake.ts';

/*
 * What a page says about time must come out the same on the server and in the browser's first look, or React throws the
 * page away. So everything that depends on the present, the time zone or the language is said here: first with the
 * moment at which the server has made the page and in UTC, then, once the page is awake, as it is for the reader.
 */

/** The present, in milliseconds since the epoch; moves on every so often, or with null not at all. */
function useNow(everyMs: number | null): number {
  const awake = useAwake();
  const renderedAt = useRouteLoaderData<typeof rootLoader>('root')?.renderedAt ?? 0;
  const [now, setNow] = useState(() => (awake ? Date.now() : renderedAt));
  useEffect(() => {
    setNow(Date.now());
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** "3 min ago"; the exact time on hover. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(15_000);
  const awake = useAwake();
  return (
    <time dateTime={at} title={awake ? fullTime(at) : at}>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** The time of day where the reader is, in the way of the reader's language. */
export function ClockTime({ at }: { readonly at: string }) {
  const awake = useAwake();
  return (
    <time dateTime={at} title={awake ? fullTime(at) : at}>
      {awake ? clockTime(at) : utcClockTime(at)}
    </time>
  );
}

type ElapsedProps = {
  readonly since: string;
  /** null: it goes on. */
  readonly until: string | null;
  /** Marked as late after this time. */
  readonly lateMs?: number;
};

/** How long something took, or how long it goes on by now. */
export function Elapsed({ since, until, lateMs = Number.POSITIVE_INFINITY }: ElapsedProps) {
  const now = useNow(until === null ? 1_000 : null);
  const end = until === null ? now : Date.parse(until);
  const ms = Math.max(0, end - Date.parse(since));
  return <span data-late={ms > lateMs || undefined}>{duration(ms)}</span>;
}
