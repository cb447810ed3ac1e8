import { createHash } from 'node:crypto';
import { type SessionId, UpstreamError } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { Logger } from 'orchestrator/platform/log';
import { type DeliveryDeps, deliver } from './deliver.ts';
import { nextSend, type Wanted } from './next-send.ts';
import type { Outbox, OutboxRow } from './outbox.ts';
import type { Method, RateGate } from './rate-gate.ts';
import { rateLimitWaitMs, type Thread } from './slack-api.ts';
import type { Slot } from './thread-view/slots.ts';

/** Waits after failures that may pass: half a second, doubled up to a minute. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

export type ThreadSenderDeps = DeliveryDeps & {
  readonly outbox: Outbox;
  readonly gate: RateGate;
  readonly clock: Clock;
  readonly log: Logger;
  /** A message is edited at most once in this time, unless there is news. */
  readonly intervalMs: number;
};

/** What a thread should hold, as of an entry of the log. */
type Desired = {
  readonly slots: readonly Slot[];
  readonly seq: number;
  /** Nothing runs: when all is sent, the thread is up to date with the log. */
  readonly isQuiet: boolean;
};

/**
 * Brings one thread to what it should hold: posts what is missing, edits what differs. The last wish wins. A message
 * is never posted twice: after a crash or a cut connection it looks for its own message before it posts again.
 */
export interface ThreadSender {
  want(desired: Desired): void;
  /** Whether the thread holds what was wanted last, as far as it can. */
  isDone(): boolean;
  /** Sends nothing more; resolves when the call under way has ended. */
  close(): Promise<void>;
}

/** What one thread's sender knows. */
type Sending = {
  readonly sessionId: SessionId;
  readonly thread: Thread;
  readonly rows: Map<string, OutboxRow>;
  readonly sentAt: Map<string, number>;
  readonly retryAt: Map<string, number>;
  readonly failures: Map<string, number>;
  desired: Desired;
  wanted: readonly Wanted[];
  syncedSeq: number;
  isLoaded: boolean;
  isClosed: boolean;
};

export function createThreadSender(
  deps: ThreadSenderDeps,
  sessionId: SessionId,
  thread: Thread,
): ThreadSender {
  const sending = newSending(sessionId, thread);
  let isDone = true;
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> | null = null;

  function wake(): void {
    if (sending.isClosed || working !== null) return;
    clearTimer();
    working = sendAll(deps, sending)
      .catch((err: unknown) => {
        deps.log.error({ err }, 'thread could not be brought up to date');
        return { until: deps.clock.now() + LONGEST_WAIT_MS, of: sending.desired };
      })
      .then((rest) => {
        working = null;
        // Something else was wanted while the last call was under way.
        if (rest.of !== sending.desired) return wake();
        if (rest.until === null) isDone = true;
        else timer = setTimeout(wake, Math.max(0, rest.until - deps.clock.now()));
      });
  }

  function clearTimer(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }

  return {
    want: (desired) => {
      sending.desired = desired;
      sending.wanted = desired.slots.map((slot) => ({ ...slot, hash: hashOf(slot) }));
      isDone = false;
      wake();
    },
    isDone: () => isDone,
    close: async () => {
      sending.isClosed = true;
      await working;
      clearTimer();
    },
  };
}

function newSending(sessionId: SessionId, thread: Thread): Sending {
  return {
    sessionId,
    thread,
    rows: new Map(),
    sentAt: new Map(),
    retryAt: new Map(),
    failures: new Map(),
    desired: { slots: [], seq: 0, isQuiet: false },
    wanted: [],
    syncedSeq: 0,
    isLoaded: false,
    isClosed: false,
  };
}

/** Sends what is due. Answers with when something will be due next (null for never), and for which wish that holds. */
async function sendAll(
  deps: ThreadSenderDeps,
  sending: Sending,
): Promise<{ until: number | null; of: Desired }> {
  if (!sending.isLoaded) {
    for (const row of await deps.outbox.ofSession(sending.sessionId)) sending.rows.set(row.slot, row);
    sending.isLoaded = true;
  }
  while (!sending.isClosed) {
    const of = sending.desired;
    const next = nextSend(sending, { now: deps.clock.now(), intervalMs: deps.intervalMs, gate: deps.gate });
    if (next.do === 'wait') return { until: next.until, of };
    if (next.do === 'send') await attempt(deps, sending, next);
    else {
      await markSynced(deps, sending, of);
      return { until: null, of };
    }
  }
  return { until: null, of: sending.desired };
}

async function markSynced(deps: ThreadSenderDeps, sending: Sending, of: Desired): Promise<void> {
  if (!of.isQuiet || of.seq <= sending.syncedSeq) return;
  await deps.outbox.markSynced(sending.sessionId, of.seq);
  sending.syncedSeq = of.seq;
}

async function attempt(
  deps: ThreadSenderDeps,
  sending: Sending,
  { slot, method }: { slot: Wanted; method: Method },
): Promise<void> {
  const { sessionId, thread, rows } = sending;
  const known = rows.get(slot.key);
  const row = known ?? (await deps.outbox.begin({ sessionId, slot: slot.key, ...thread }));
  rows.set(slot.key, row);
  try {
    const isFirstTry = known === undefined;
    const ts = await deliver(deps, { sessionId, thread, slot, row, isFirstTry });
    rows.set(slot.key, await deps.outbox.sent(row, { ts, hash: slot.hash, phase: slot.phase }));
    sending.sentAt.set(slot.key, deps.clock.now());
    sending.failures.delete(slot.key);
    sending.retryAt.delete(slot.key);
  } catch (error) {
    if (!isPassing(error)) return giveUp(deps, sending, { slot, row, error });
    tryLater(deps, sending, { slot, method, error });
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof UpstreamError && error.retryable;
}

function tryLater(
  deps: ThreadSenderDeps,
  sending: Sending,
  { slot, method, error }: { slot: Wanted; method: Method; error: unknown },
): void {
  const askedMs = rateLimitWaitMs(error);
  if (askedMs !== null) {
    deps.gate.close(method, askedMs);
    deps.log.info({ method, waitMs: askedMs }, 'slack asked to wait');
    return;
  }
  const failures = sending.failures.get(slot.key) ?? 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  sending.failures.set(slot.key, failures + 1);
  sending.retryAt.set(slot.key, deps.clock.now() + waitMs);
  deps.log.warn({ err: error, slot: slot.key, waitMs }, 'message was not taken');
}

async function giveUp(
  deps: ThreadSenderDeps,
  sending: Sending,
  { slot, row, error }: { slot: Wanted; row: OutboxRow; error: unknown },
): Promise<void> {
  const reason = error instanceof UpstreamError ? error.message : 'internal';
  deps.log.error({ err: error, slot: slot.key, reason }, 'message is stuck');
  const stuck = await deps.outbox.stuck(row, { reason, hash: slot.hash, phase: slot.phase });
  sending.rows.set(slot.key, stuck);
}

function hashOf(slot: Slot): string {
  return createHash('sha256').update(JSON.stringify(slot.content)).digest('hex').slice(0, 24);
}
