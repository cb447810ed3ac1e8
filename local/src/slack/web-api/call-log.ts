import type { CallLine } from '../page-api.ts';

const KEPT = 5000;
/** What the page shows of one argument, in characters. */
const MAX_ARGUMENT = 90;
/** The arguments that say what a call was about, in the order in which they are shown. */
const SHOWN = [
  'channel',
  'channel_id',
  'thread_ts',
  'ts',
  'timestamp',
  'message_ts',
  'user',
  'user_id',
  'users',
  'name',
  'status',
  'title',
  'filename',
  'file',
  'view_id',
  'cursor',
  'text',
  'markdown_text',
];

/** One Web API call, as the app made it. */
export type Call = {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
  /** What the workspace answered, also when the answer was dropped on the way. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly isDropped: boolean;
  /** A fault rule was used up by it. */
  readonly isFault: boolean;
};

export type CallLog = ReturnType<typeof createCallLog>;

/** The last calls of the app, oldest first. `onLine` is told of each. */
export function createCallLog(onLine: (line: CallLine) => void) {
  /** Each as the page shows it, and as it was made; null for one of which nothing is known. */
  const kept: { readonly line: CallLine; readonly call: Call | null }[] = [];
  let count = 0;
  const keep = (shown: Call, call: Call | null): void => {
    count += 1;
    const line = toLine(shown, count);
    kept.push({ line, call });
    if (kept.length > KEPT) kept.shift();
    onLine(line);
  };
  return {
    add: (call: Call): void => keep(call, call),
    /** A request that was broken off before it was read. It is shown, and is no call: nothing of it is known. */
    addUnread({ method, at }: Pick<Call, 'method' | 'at'>): void {
      const outcome = { tookMs: 0, status: 0, retryAfterSeconds: null, isDropped: true, isFault: true };
      keep({ method, at, args: {}, answer: { ok: false, error: 'down' }, ...outcome }, null);
    },
    list: (method?: string): Call[] =>
      kept.flatMap(({ call }) => (call && (!method || call.method === method) ? [call] : [])),
    /** The last `limit` calls as the page shows them, newest first. */
    latest: (limit: number): CallLine[] =>
      kept
        .slice(-limit)
        .map(({ line }) => line)
        .reverse(),
  };
}

function toLine(call: Call, id: number): CallLine {
  const { method, at, tookMs, status, retryAfterSeconds, isDropped, isFault, answer } = call;
  const error = answer['ok'] === true ? null : String(answer['error'] ?? 'unknown');
  return {
    ...{ id, method, at, tookMs, args: shortArguments(call.args), status, error },
    ...{ retryAfterSeconds, isDropped, isFault },
  };
}

function shortArguments(args: Call['args']): Record<string, string> {
  const shown = SHOWN.flatMap((name) => {
    const value = args[name];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = String(value);
    if (text === '') return [];
    return [[name, text.length > MAX_ARGUMENT ? `${text.slice(0, MAX_ARGUMENT)}…` : text]];
  });
  return Object.fromEntries(shown);
}
