type Part = (date: Date, now: Date) => string;

const styled =
  (options: Intl.DateTimeFormatOptions): Part =>
  (date) =>
    new Intl.DateTimeFormat('en-US', options).format(date);

const pretty =
  (otherwise: Part): Part =>
  (date, now) => {
    const days = Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000);
    return { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(days)] ?? otherwise(date, now);
  };

const date = styled({ year: 'numeric', month: 'long', day: 'numeric' });
const short = styled({ year: 'numeric', month: 'short', day: 'numeric' });
const long = styled({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });

const parts: Record<string, Part> = {
  date,
  date_num: (value) => [value.getFullYear(), two(value.getMonth() + 1), two(value.getDate())].join('-'),
  date_slash: (value) => [value.getFullYear(), two(value.getMonth() + 1), two(value.getDate())].join('/'),
  date_short: short,
  date_long: long,
  date_pretty: pretty(date),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  day_divider_pretty: pretty(long),
  time: (value) => clock(value),
  time_secs: (value) => `${clock(value)}:${two(value.getSeconds())}`,
  ago: (value, now) => ago(now.getTime() - value.getTime()),
};

/** Fills Slack's date format (`{date_short} at {time}`), in the reader's time zone. `timestamp` is in seconds. */
export function formatSlackDate(timestamp: number, format: string, now: Date): string {
  const value = new Date(timestamp * 1000);
  return format.replace(/\{(\w+)\}/g, (token, name: string) =>
    Object.hasOwn(parts, name) ? (parts[name]?.(value, now) ?? token) : token,
  );
}

/** `14:02`, in the reader's time zone. */
export function clock(value: Date): string {
  return `${two(value.getHours())}:${two(value.getMinutes())}`;
}

/** `Today`, `Yesterday` or `Tuesday, June 4`. */
export function dayName(value: Date, now: Date): string {
  const text = pretty(styled({ weekday: 'long', month: 'long', day: 'numeric' }))(value, now);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `just now`, `4 min ago`, `3 h ago`, `2 days ago`; for a future time, `in 4 min`. */
export function ago(elapsedMs: number): string {
  const size = Math.abs(elapsedMs);
  if (size < 45_000) return 'just now';
  const amount = sized(size);
  return elapsedMs > 0 ? `${amount} ago` : `in ${amount}`;
}

function sized(ms: number): string {
  if (ms < 3_570_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  const days = Math.round(ms / 86_400_000);
  return days === 1 ? '1 day' : `${days} days`;
}

function startOfDay(value: Date): number {
  return new Date(value.getFullYear(), value.getMonth(), value.getDate()).getTime();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
