import type { Clock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import type { Logger } from 'orchestrator/platform/log';
import type { Budgets } from './budgets.ts';
import { createCallQueue, type Queued } from './call-queue.ts';
import { createClosedBuckets } from './closed-buckets.ts';
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
import { createTokenWatch, type Refusal, type TokenWatchDeps } from './token-watch.ts';
import { createTurnsTaken } from './turns-taken.ts';

/** Calls that may be on the wire at once: enough for the documented budgets at a second each, few for a socket pool. */
const IN_FLIGHT_MAX = 24;

export type SchedulerDeps = TokenWatchDeps & {
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly log: Logger;
  /** What a failed call means for the calls after it. */
  readonly verdictOf: (error: unknown) => Verdict;
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
  /** Why Slack refuses our token; null while it does not. */
  refusal(): Refusal | null;
  figures(): Promise<SchedulerFigures>;
  /** Calls the listener after every change of the figures, of the detail or of the refusal. */
  onChange(listener: () => void): () => void;
  /** Sends nothing more; what waits is answered with `closed`. Resolves when what is on the wire has ended. */
  close(): Promise<void>;
}

type Scheduling = ReturnType<typeof newScheduling>;

function newScheduling(deps: SchedulerDeps) {
  return {
    deps,
    queue: createCallQueue(deps.clock),
    closed: createClosedBuckets(deps.clock),
    turns: createTurnsTaken(),
    token: createTokenWatch(deps),
    inFlight: new Set<Promise<void>>(),
    listeners: new Set<() => void>(),
    counts: { sent: 0, rateLimited: 0 },
    detail: { mode: 'live', since: deps.clock.now() } as DetailState,
    timer: null as NodeJS.Timeout | null,
    isPumping: false,
    isPumpDue: false,
    isClosed: false,
  };
}

export function createWriteScheduler(deps: SchedulerDeps): WriteScheduler {
  const scheduling = newScheduling(deps);
  const { queue, counts, listeners } = scheduling;
  return {
    run: <T>(request: CallRequest, work: () => Promise<T>): Promise<Outcome<T>> => {
      if (scheduling.isClosed) return Promise.resolve({ sent: false, why: 'closed' });
      const outcome = queue.add(request, work);
      changed(scheduling);
      void pump(scheduling);
      return outcome;
    },
    detail: () => lookAtDetail(scheduling),
    refusal: scheduling.token.refusal,
    figures: async () => ({
      ...counts,
      coalesced: queue.coalesced(),
      mode: lookAtDetail(scheduling),
      budgets: await Promise.all(queue.buckets().map((use) => budgetOf(deps, use))),
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      scheduling.isClosed = true;
      if (scheduling.timer) clearTimeout(scheduling.timer);
      queue.close();
      await Promise.all(scheduling.inFlight);
      // What Slack had put off at the end.
      queue.close();
    },
  };
}

async function budgetOf(
  { budgets }: SchedulerDeps,
  use: { readonly method: string; readonly channel: string | null; readonly waiting: number },
): Promise<SchedulerFigures['budgets'][number]> {
  const bucket = bucketOf(use);
  const capacity = bucket.rate.flow.calls + bucket.rate.burst.calls;
  return { method: bucket.name, available: await budgets.available(bucket), capacity, waiting: use.waiting };
}

function changed({ listeners }: Scheduling): void {
  for (const listener of listeners) listener();
}

function lookAtDetail(scheduling: Scheduling): Detail {
  const { deps, queue, closed, detail } = scheduling;
  const { rate } = bucketOf({ method: 'chat.update', channel: null });
  const closedMs = closed.leftMs('chat.update');
  const waiting = queue.count('chat.update');
  // A window that is used up is the even flow at work; only a wait that Slack asked for counts beside what waits.
  const backlogMs = waiting * paceMs(rate) + (closedMs > STEADY_MS ? closedMs : 0);
  const next = nextDetail(detail, backlogMs, deps.clock.now());
  if (next.mode !== detail.mode) {
    deps.log.info({ from: detail.mode, to: next.mode, waiting }, 'detail of cards changed');
    scheduling.detail = next;
    changed(scheduling);
  }
  return next.mode;
}

/** Sends what may be sent now. One at a time works here; who comes meanwhile has it look once more before it ends. */
async function pump(scheduling: Scheduling): Promise<void> {
  scheduling.isPumpDue = true;
  if (scheduling.isPumping) return;
  scheduling.isPumping = true;
  try {
    while (scheduling.isPumpDue) {
      scheduling.isPumpDue = false;
      while (await sendNext(scheduling));
    }
  } catch (err) {
    scheduling.deps.log.error({ err }, 'calls could not be scheduled');
  } finally {
    scheduling.isPumping = false;
    lookAtDetail(scheduling);
    setTimer(scheduling);
  }
}

/** Sends the call whose turn it is. Answers whether there may be another one. */
async function sendNext(scheduling: Scheduling): Promise<boolean> {
  const { deps, queue, closed, turns, token, inFlight } = scheduling;
  queue.expire();
  if (scheduling.isClosed || token.refusal() !== null || inFlight.size >= IN_FLIGHT_MAX) return false;
  const limits = { closedUntil: closed.until, servedAt: turns.servedAt };
  const next = nextCall(queue.waiting(), limits, deps.clock.now());
  if (next.do !== 'send') return false;
  const call = queue.get(next.id);
  if (!call) return true;
  const waitMs = await deps.budgets.take(call.bucket);
  if (waitMs > 0) closed.close(call.bucket.name, waitMs);
  else if (queue.take(call)) launch(scheduling, call);
  return true;
}

/** One timer for the next moment at which something can happen that no answer of Slack and no new call tells. */
function setTimer(scheduling: Scheduling): void {
  const { deps, queue, closed, turns, token } = scheduling;
  if (scheduling.timer) clearTimeout(scheduling.timer);
  scheduling.timer = null;
  if (scheduling.isClosed) return;
  const now = deps.clock.now();
  const moments = [queue.nextExpiry(), token.probeAt()];
  if (token.refusal() === null) {
    const next = nextCall(queue.waiting(), { closedUntil: closed.until, servedAt: turns.servedAt }, now);
    if (next.do === 'wait') moments.push(next.until);
    // Its moment came after the last look: nobody else would look again. A full wire is looked at when a call ends.
    if (next.do === 'send' && scheduling.inFlight.size < IN_FLIGHT_MAX) moments.push(now);
  }
  if (scheduling.detail.mode !== 'live') moments.push(now + STEADY_MS);
  const due = moments.filter((moment) => moment !== null);
  if (due.length === 0) return;
  scheduling.timer = setTimeout(() => void wake(scheduling), Math.max(1, Math.min(...due) - now));
  scheduling.timer.unref();
}

async function wake(scheduling: Scheduling): Promise<void> {
  if (await scheduling.token.probe()) changed(scheduling);
  await pump(scheduling);
}

function launch(scheduling: Scheduling, call: Queued): void {
  call.onWire(true);
  scheduling.turns.serve(call.party);
  const sending = send(scheduling, call).finally(() => {
    scheduling.inFlight.delete(sending);
    changed(scheduling);
    void pump(scheduling);
  });
  scheduling.inFlight.add(sending);
}

async function send(scheduling: Scheduling, call: Queued): Promise<void> {
  const { deps, counts, closed } = scheduling;
  try {
    await deps.faults.at('scheduler.before_send');
    const value = await call.send();
    counts.sent += 1;
    closed.worked(call.bucket.name);
    call.settle({ sent: true, value });
  } catch (error) {
    putBackOrFail(scheduling, call, error);
  }
}

function putBackOrFail(scheduling: Scheduling, call: Queued, error: unknown): void {
  const { deps, counts, closed, token, queue } = scheduling;
  const verdict = deps.verdictOf(error);
  switch (verdict.means) {
    case 'failed':
      call.fail(error);
      return;
    case 'refused':
      token.refused(verdict.code, error);
      queue.putBack(call);
      return;
    case 'later': {
      counts.rateLimited += 1;
      const waitMs = closed.close(call.bucket.name, verdict.waitMs);
      deps.log.info({ bucket: call.bucket.name, waitMs }, 'slack asked to wait');
      queue.putBack(call);
    }
  }
}
