import { SocketModeClient } from '@slack/socket-mode';
import { UpstreamError } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import { pause } from './pause.ts';
import { CALL_TIMEOUT_MS, classify, verdictOf } from './slack-client.ts';
import { slackLogger } from './slack-logger.ts';

/** Waits before a socket is opened again: half a second, half as much again up to the longest. In milliseconds. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const CLOSE_PATIENCE_MS = 2_000;
/** From the first call to Slack's hello. The client itself waits for minutes for a Slack that takes a connection and is silent. */
const HELLO_MS = 30_000;

export type SocketOptions = {
  readonly appToken: string;
  readonly slackApiUrl?: string;
  /** Between two tries while Slack refuses our token, in milliseconds. */
  readonly refusedWaitMs: number;
  /** What tests shorten. */
  readonly helloMs?: number;
  readonly log: Logger;
  readonly onOpen: (isOpen: boolean) => void;
  /** Hears Slack's word when it does not let us connect, and null when it does. */
  readonly onRefused: (code: string | null) => void;
  readonly onEvent: (args: unknown) => void;
};

/**
 * A connection to Slack that is opened again whenever it closes. The client's own way of doing that ends for good at the
 * first refusal, with a rejection that nobody hears.
 */
export type Socket = {
  /** Tries once, then goes on by itself. Rejects with an UpstreamError when Slack refuses us at the first try. */
  open(): Promise<void>;
  close(): Promise<void>;
};

/** Hears of each try: the error with which Slack refuses us, or null. */
type OnTried = (refusal: UpstreamError | null) => void;

export function createSocket(options: SocketOptions): Socket {
  const client = createClient(options);
  const stop = new AbortController();
  let living: Promise<void> | null = null;
  let lastError: unknown;
  let closed = Promise.withResolvers<void>();
  const troubles = createTroubleLog(options.log);
  client.on('disconnected', () => closed.resolve());
  // The client rejects without a reason when the connection fails behind Slack's first answer.
  client.on('error', (err: unknown) => {
    lastError = err;
  });

  /** Resolves when it was open and has closed again; rejects when it could not be opened. */
  async function openOnce(onTried: OnTried): Promise<void> {
    closed = Promise.withResolvers();
    await classify(() => startInTime(client, options.helloMs ?? HELLO_MS));
    // Told to stop while Slack was asked for the address, the client connects all the same.
    if (stop.signal.aborted) await client.disconnect();
    troubles.over();
    options.onRefused(null);
    onTried(null);
    await closed.promise;
  }

  /** What a try that failed means. Answers with how long to wait before the next one. */
  function failed(error: unknown, failures: number, onTried: OnTried): number {
    const err = error ?? lastError;
    const refusal = err instanceof UpstreamError && err.code === 'slack.refused' ? err : null;
    troubles.say(err, refusal === null ? 'warn' : 'error');
    if (refusal) options.onRefused(refusal.message);
    onTried(refusal);
    return refusal ? options.refusedWaitMs : waitAfter(err, failures);
  }

  async function live(onTried: OnTried): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      const startedAt = performance.now();
      const broken = await openOnce(onTried).then(
        () => null,
        (error: unknown) => ({ error }),
      );
      // One that Slack closes as soon as it is open has not worked.
      if (!broken && performance.now() - startedAt > LONGEST_WAIT_MS) failures = 0;
      const waitMs = broken ? failed(broken.error, failures, onTried) : waitAfter(null, failures);
      failures += 1;
      await pause(waitMs, stop.signal);
    }
  }

  return {
    open: () =>
      new Promise((resolve, reject) => {
        living = live((error) => (error ? reject(error) : resolve()));
      }),
    close: async () => {
      stop.abort();
      const patience = new AbortController();
      // A socket that is between two connections may never say that it is closed.
      await Promise.race([
        Promise.all([client.disconnect(), living]),
        pause(CLOSE_PATIENCE_MS, patience.signal),
      ]);
      patience.abort();
    },
  };
}

/** Resolves at Slack's hello; rejects when it did not come in time. */
async function startInTime(client: SocketModeClient, helloMs: number): Promise<void> {
  const patience = setTimeout(() => void client.disconnect(), helloMs);
  try {
    await client.start();
  } finally {
    clearTimeout(patience);
  }
}

/** In an outage each try fails alike: the first one is worth a line. */
function createTroubleLog(log: Logger) {
  let said: string | null = null;
  return {
    say(err: unknown, level: 'warn' | 'error'): void {
      const words = err instanceof Error ? err.message : '';
      if (words !== said) log[level]({ err }, 'socket did not open');
      said = words;
    },
    over(): void {
      if (said !== null) log.info('socket opened after all');
      said = null;
    },
  };
}

function createClient({ appToken, slackApiUrl, log, onOpen, onEvent }: SocketOptions): SocketModeClient {
  const client = new SocketModeClient({
    appToken,
    logger: slackLogger(log),
    autoReconnectEnabled: false,
    // An object for each: the client writes into it.
    clientOptions: {
      timeout: CALL_TIMEOUT_MS,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
      ...(slackApiUrl && { slackApiUrl }),
    },
  });
  client.on('connected', () => onOpen(true));
  for (const state of ['disconnected', 'disconnecting', 'close']) client.on(state, () => onOpen(false));
  client.on('slack_event', onEvent);
  return client;
}

function waitAfter(error: unknown, failures: number): number {
  const verdict = verdictOf(error);
  if (verdict.means === 'later' && verdict.waitMs !== null) return verdict.waitMs;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 1.5 ** failures);
}
