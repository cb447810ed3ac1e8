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
  const calls: Call[] = [];
  const lines: CallLine[] = [];
  let count = 0;
  const addLine = (call: Call): void => {
    count += 1;
    const line = toLine(call, count);
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
    onLine(line);
  };
  return {
    add(call: Call): void {
      calls.push(call);
      if (calls.length > KEPT) calls.shift();
      addLine(call);
    },
    /** A request that was broken off before it was read. It is shown, and is no call: nothing of it is known. */
    addUnread({ method, at }: Pick<Call, 'method' | 'at'>): void {
      const outcome = { tookMs: 0, status: 0, retryAfterSeconds: null, isDropped: true, isFault: true };
      addLine({ method, at, args: {}, answer: { ok: false, error: 'down' }, ...outcome });
    },
    list: (method?: string): Call[] => calls.filter((call) => !method || call.method === method),
    /** The last `limit` calls as the page shows them, newest first. */
    latest: (limit: number): CallLine[] => lines.slice(-limit).reverse(),
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
