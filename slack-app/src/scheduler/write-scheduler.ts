import type { Clock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import type { Budgets } from './budgets.ts';
import { createCallQueue, type Queued } from './call-queue.ts';
import { type Detail, type DetailState, nextDetail } from './detail.ts';
import { nextCall } from './next-call.ts';
import {
  type CallRequest,
  type Outcome,
  type SchedulerFigures,
  STEADY_MS,
  type Verdict,
} from './scheduler-types.ts';
import { bucketOf, paceMs } from './tiers.ts';

/** Calls that may be on the wire at once: enough for the documented budgets at a second each, few for a socket pool. */
const IN_FLIGHT_MAX = 24;
/** Waits after `ratelimited` without a Retry-After: a second, doubled up to a minute. In milliseconds. */
const BLIND_WAIT_MS = 1_000;
const BLIND_WAIT_MAX_MS = 60_000;

export type SchedulerDeps = {
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
  /** What a failed call means for the calls after it. */
  readonly verdictOf: (error: unknown) => Verdict;
  /** Asks Slack whether our token is good; rejects when it is not. Not scheduled: it is what wakes the scheduler. */
  readonly probe: () => Promise<unknown>;
  /** Between two probes while Slack refuses our token, in milliseconds; a minute. */
  readonly probeEveryMs: number;
};

/** Owns every Web API call of the process: when it is sent, and what is sent before it. */
export interface WriteScheduler {
  /**
   * Sends a call when it is its turn. A call that Slack puts off or refuses for our token is sent again by itself; any
   * other failure of `send` is thrown. A newer call with the same key takes the place of one that waits.
   */
  run<T>(request: CallRequest, send: () => Promise<T>): Promise<Outcome<T>>;
  /** How much detail the budget of `chat.update` allows now. */
  detail(): Detail;
  /** Slack's word for why it refuses our token, and since when (milliseconds since the epoch); null while it does not. */
  refusal(): { readonly code: string; readonly since: number } | null;
  figures(): Promise<SchedulerFigures>;
  /** Calls the listener after every change of the figures, of the detail or of the refusal. */
  onChange(listener: () => void): () => void;
  /** Sends nothing more; what waits is answered with `closed`. Resolves when what is on the wire has ended. */
  close(): Promise<void>;
}

export function createWriteScheduler(deps: SchedulerDeps): WriteScheduler {
  const { clock, log } = deps;
  const queue = createCallQueue(clock);
  const closedUntil = new Map<string, number>();
  const blindWaits = new Map<string, number>();
  const servedAt = new Map<string, number>();
  const inFlight = new Set<Promise<void>>();
  const listeners = new Set<() => void>();
  const counts = { sent: 0, rateLimited: 0 };
  let detail: DetailState = { mode: 'live', since: clock.now() };
  let refusal: { code: string; since: number; probeAt: number } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isPumping = false;
  let isClosed = false;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function lookAtDetail(): Detail {
    const now = clock.now();
    const { rate } = bucketOf({ method: 'chat.update', channel: null });
    const closedMs = Math.max(0, (closedUntil.get('chat.update') ?? 0) - now);
    // A closed window alone is the even flow at work; with many waiting it is a drained budget.
    const waiting = queue.count('chat.update');
    const next = nextDetail(detail, waiting * paceMs(rate) + (closedMs > STEADY_MS ? closedMs : 0), now);
    if (next.mode !== detail.mode) {
      log.info({ from: detail.mode, to: next.mode, waiting }, 'detail of cards changed');
      detail = next;
      changed();
    }
    return detail.mode;
  }

  async function pump(): Promise<void> {
    if (isPumping) return;
    isPumping = true;
    try {
      while (!isClosed && refusal === null && inFlight.size < IN_FLIGHT_MAX) {
        queue.expire();
        const next = nextCall(queue.waiting(), { closedUntil, servedAt }, clock.now());
        if (next.do !== 'send') return;
        const call = queue.get(next.id);
        if (!call) continue;
        const waitMs = await deps.budgets.take(call.bucket);
        if (waitMs > 0) closeBucket(call.bucket.name, waitMs);
        else if (queue.take(call)) launch(call);
      }
    } finally {
      isPumping = false;
      lookAtDetail();
      setTimer();
    }
  }

  function closeBucket(name: string, forMs: number): void {
    closedUntil.set(name, Math.max(closedUntil.get(name) ?? 0, clock.now() + forMs));
  }

  /** One timer for the next moment at which something can happen that no answer of Slack and no new call tells. */
  function setTimer(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (isClosed) return;
    const now = clock.now();
    const next = nextCall(queue.waiting(), { closedUntil, servedAt }, now);
    const moments = [queue.nextExpiry(), refusal?.probeAt ?? null];
    if (refusal === null && next.do === 'wait') moments.push(next.until);
    if (detail.mode !== 'live') moments.push(now + STEADY_MS);
    const due = moments.filter((moment) => moment !== null);
    if (due.length === 0) return;
    timer = setTimeout(() => void wake(), Math.max(1, Math.min(...due) - now));
    timer.unref();
  }

  async function wake(): Promise<void> {
    if (refusal !== null && clock.now() >= refusal.probeAt) await probe(refusal);
    for (const [name, until] of closedUntil) if (until <= clock.now()) closedUntil.delete(name);
    await pump();
  }

  async function probe(known: { probeAt: number }): Promise<void> {
    known.probeAt = clock.now() + deps.probeEveryMs;
    try {
      await deps.probe();
      refusal = null;
      log.info('slack takes the token again');
      changed();
    } catch (err) {
      log.warn({ err }, 'slack still refuses the token');
    }
  }

  function launch(call: Queued): void {
    servedAt.delete(call.party);
    servedAt.set(call.party, counts.sent + counts.rateLimited + 1);
    // Whoever was served long before everybody else may as well never have been.
    if (servedAt.size > 2_000) servedAt.delete(servedAt.keys().next().value ?? '');
    const sending = send(call).finally(() => {
      inFlight.delete(sending);
      changed();
      void pump();
    });
    inFlight.add(sending);
  }

  async function send(call: Queued): Promise<void> {
    try {
      await deps.faults.at('scheduler.before_send');
      const value = await call.send();
      counts.sent += 1;
      blindWaits.delete(call.bucket.name);
      call.settle({ sent: true, value });
    } catch (error) {
      const verdict = deps.verdictOf(error);
      if (verdict.means === 'failed') call.fail(error);
      else putBack(call, verdict);
    }
  }

  function putBack(call: Queued, verdict: Exclude<Verdict, { means: 'failed' }>): void {
    if (verdict.means === 'refused') {
      if (refusal === null) log.error({ code: verdict.code }, 'slack refuses the token; everything waits');
      refusal ??= { code: verdict.code, since: clock.now(), probeAt: clock.now() + deps.probeEveryMs };
    } else {
      counts.rateLimited += 1;
      const { name } = call.bucket;
      const blindMs = Math.min(BLIND_WAIT_MAX_MS, (blindWaits.get(name) ?? BLIND_WAIT_MS / 2) * 2);
      if (verdict.waitMs === null) blindWaits.set(name, blindMs);
      closeBucket(name, verdict.waitMs ?? blindMs);
      log.info({ bucket: name, waitMs: verdict.waitMs ?? blindMs }, 'slack asked to wait');
    }
    queue.putBack(call);
  }

  return {
    run: <T>(request: CallRequest, work: () => Promise<T>): Promise<Outcome<T>> => {
      if (isClosed) return Promise.resolve({ sent: false, why: 'closed' });
      const outcome = queue.add(request, work);
      changed();
      void pump();
      return outcome;
    },
    detail: lookAtDetail,
    refusal: () => refusal && { code: refusal.code, since: refusal.since },
    figures: async () => ({
      ...counts,
      queued: queue.size(),
      coalesced: queue.coalesced(),
      oldestFinalMs: queue.oldestMs('final'),
      mode: detail.mode,
      budgets: await Promise.all(
        queue.buckets().map(async ({ method, channel, waiting }) => {
          const bucket = bucketOf({ method, channel });
          const capacity = bucket.rate.flow.calls + bucket.rate.burst.calls;
          return { method: bucket.name, available: await deps.budgets.available(bucket), capacity, waiting };
        }),
      ),
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      if (timer) clearTimeout(timer);
      queue.close();
      await Promise.all(inFlight);
      queue.close();
    },
  };
}
