import { Conflict, type SessionId } from 'orchestrator/domain';
import { hashOf } from './deliver.ts';
import { doubtLease, hold, letGo } from './lease-guard.ts';
import { isUnsent, type Plan, planSends, type Step, type Wanted } from './next-sends.ts';
import type { OutboxRow } from './outbox.ts';
import { searchThread } from './search-thread.ts';
import { sendSlot } from './send-step.ts';
import { type Desired, load, newSending, revive, type Sending, type SendingDeps } from './sending.ts';
import type { Thread } from './slack-api.ts';
import { isDisprovedByTraffic, troubleOf } from './slack-troubles.ts';

/** After a failure of ours (the store, a bug) the thread is looked at again then. In milliseconds. */
const RETRY_MS = 5_000;
/** Added to the end of somebody else's lease, so that clocks may differ a little. In milliseconds. */
const LEASE_SLACK_MS = 200;
/** Traffic in a channel counts as a sign only so long after the last try. In milliseconds. */
const SIGN_AFTER_MS = 30_000;

/**
 * Brings one thread to what it should hold: posts what is missing, edits what differs. The last wish wins. A message is
 * never posted twice: after a crash or a cut connection it looks for its own message before it posts again. Of all
 * processes one sends, under a lease.
 */
export interface ThreadSender {
  readonly thread: Thread;
  want(desired: Desired): void;
  /** Looks again what is to be done: the detail of cards has changed, or another process asked. */
  wake(options?: { readonly reload?: boolean }): void;
  /** Tries at once what waits: there is a sign that the cause is mended. */
  nudge(sign: Sign): void;
  /** Tries one message again at once, also one that was given up. False when there is no such message. */
  retry(slot: string): Promise<boolean>;
  /** Forgets what was sent, and finds it again. */
  rebuild(): Promise<void>;
  rows(): Promise<readonly OutboxRow[]>;
  wanted(): readonly Wanted[];
  /** What Slack does not have as it should be yet, but for what it refused. */
  unsent(): readonly Wanted[];
  /** Whether the thread holds what was wanted last, as far as it can. */
  isDone(): boolean;
  /** Sends nothing more; resolves when the calls under way have ended. */
  close(): Promise<void>;
}

/**
 * Signs that a message may be taken now: `traffic` in the channel, the channel itself (`mended`: we were invited, it was
 * unarchived), or a socket that opened again.
 */
export type Sign = 'traffic' | 'mended' | 'reconnected';

export function createThreadSender(deps: SendingDeps, sessionId: SessionId, thread: Thread): ThreadSender {
  const sending = newSending(sessionId, thread);
  const loop = createLoop(deps, sending);
  const { wake } = loop;
  return {
    thread,
    want: (desired) => {
      sending.desired = desired;
      sending.wanted = desired.slots.map((slot) => ({ ...slot, hash: hashOf(slot) }));
      sending.isDone = false;
      wake();
    },
    wake: ({ reload = false } = {}) => {
      if (reload && loop.isIdle()) sending.isLoaded = false;
      wake();
    },
    nudge: (sign) => {
      mend(sending, { sign, now: deps.clock.now() });
      wake();
    },
    retry: async (key) => {
      if (!sending.isLoaded) await load(deps, sending);
      const row = sending.rows.get(key);
      if (!row) return false;
      tryAgain(sending, row);
      wake();
      return true;
    },
    rebuild: async () => {
      await deps.outbox.setMustSearch(sessionId, true);
      await deps.outbox.forget(sessionId);
      sending.isLoaded = false;
      sending.isDone = false;
      sending.searchAfter = 0;
      sending.failures.clear();
      wake();
    },
    rows: async () => (sending.isLoaded ? [...sending.rows.values()] : deps.outbox.ofSession(sessionId)),
    wanted: () => sending.wanted,
    unsent: () => sending.wanted.filter((slot) => isUnsent(sending.rows.get(slot.key), slot)),
    isDone: () => sending.isDone,
    close: async () => {
      sending.isClosed = true;
      await loop.ended();
      await letGo(deps, sending);
    },
  };
}

/** Looks what is to be done, starts it, and looks again when something has ended, is due, or is wanted. */
function createLoop(deps: SendingDeps, sending: Sending) {
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let rounds: Promise<void> | null = null;
  let isRoundDue = false;

  function wake(): void {
    if (sending.isClosed) return;
    isRoundDue = true;
    rounds ??= goRound();
  }

  async function goRound(): Promise<void> {
    while (isRoundDue && !sending.isClosed) {
      isRoundDue = false;
      try {
        wakeAt(await oneRound(deps, sending, start));
      } catch (err) {
        deps.log.error({ err }, 'thread could not be brought up to date');
        wakeAt(deps.clock.now() + RETRY_MS);
      }
    }
    // In the same breath as the last look at `isRoundDue`: who wakes us from here on begins a new round.
    rounds = null;
  }

  function wakeAt(moment: number | null): void {
    if (timer) clearTimeout(timer);
    timer = moment === null ? null : setTimeout(wake, Math.max(1, moment - deps.clock.now()));
  }

  function start(step: LeasedStep): void {
    const work = takeStep(deps, sending, step).finally(() => {
      running.delete(work);
      wake();
    });
    running.add(work);
  }

  return {
    wake,
    isIdle: () => running.size === 0,
    ended: async () => {
      await rounds;
      await Promise.all(running);
      if (timer) clearTimeout(timer);
    },
  };
}

/** Starts what can be started. Answers with when there is more to do by itself. */
async function oneRound(
  deps: SendingDeps,
  sending: Sending,
  start: (step: LeasedStep) => void,
): Promise<number | null> {
  if (!sending.isLoaded) await load(deps, sending);
  const { desired } = sending;
  if (desired.seq < sending.syncedSeq && sending.behindUntil > deps.clock.now()) return sending.behindUntil;
  let plan = planNow(deps, sending);
  if (plan.steps.length > 0) {
    await markBehind(deps, sending);
    const others = await hold(deps, sending);
    if (others) return others.heldUntil + LEASE_SLACK_MS;
    if (sending.desired.seq < sending.syncedSeq) {
      // Somebody else has brought the thread further than we have read: what we would write is old.
      sending.behindUntil = deps.clock.now() + RETRY_MS;
      deps.catchUp(sending.sessionId);
      return sending.behindUntil;
    }
    plan = planNow(deps, sending);
  }
  // A step belongs to the lease under which it was planned, and ends with it.
  const { lease } = sending;
  if (lease) for (const step of plan.steps) start({ ...step, token: lease.token });
  if (plan.isParked) {
    await markSynced(deps, sending, desired);
    sending.isDone = desired === sending.desired;
  }
  return plan.nextAt;
}

function planNow(deps: SendingDeps, sending: Sending): Plan {
  const { intervalMs } = deps.timing;
  return planSends(sending, { now: deps.clock.now(), intervalMs, detail: deps.detail() });
}

/** A step and the token of the lease under which it was planned. */
type LeasedStep = Step & { readonly token: number };

/** Never rejects: what goes wrong is written down, and the next round sees it. */
async function takeStep(deps: SendingDeps, sending: Sending, step: LeasedStep): Promise<void> {
  try {
    await (step.do === 'search' ? searchThread(deps, sending, step.token) : sendSlot(deps, sending, step));
  } catch (err) {
    if (!(err instanceof Conflict)) deps.log.error({ err }, 'message could not be sent');
    // Should the lease still be ours, the next try would end the same.
    const again = deps.clock.now() + RETRY_MS;
    if (step.do === 'search') sending.searchAfter = again;
    else sending.retryAt.set(step.slot.key, again);
    await doubtLease(deps, sending).catch((error: unknown) =>
      deps.log.error({ err: error }, 'lease could not be looked at'),
    );
  }
}

/** Written before the first call, so that whoever comes after a crash knows that this thread has to be looked at. */
async function markBehind({ outbox }: SendingDeps, sending: Sending): Promise<void> {
  if (sending.isMarkedBehind) return;
  await outbox.markBehind(sending.sessionId);
  sending.isMarkedBehind = true;
}

async function markSynced(deps: SendingDeps, sending: Sending, of: Desired): Promise<void> {
  if (!of.isQuiet || (of.seq <= sending.syncedSeq && !sending.isMarkedBehind)) return;
  await deps.outbox.markSynced(sending.sessionId, of.seq);
  sending.syncedSeq = of.seq;
  sending.isMarkedBehind = false;
  await letGo(deps, sending);
}

/** What waits for a place or for Slack is due now, as far as the sign says. */
function mend(sending: Sending, { sign, now }: { sign: Sign; now: number }): void {
  if (sign !== 'traffic') {
    sending.retryAt.clear();
    sending.searchAfter = 0;
  }
  if (sign === 'reconnected') return;
  for (const { state, slot, problem } of sending.rows.values()) {
    if (state !== 'stuck' || problem === null || troubleOf(problem.code) !== 'place') continue;
    const isDisproved = isDisprovedByTraffic(problem.code) && now - problem.at >= SIGN_AFTER_MS;
    if (sign === 'mended' || isDisproved) sending.dueNow.add(slot);
  }
}

function tryAgain(sending: Sending, { slot, state }: OutboxRow): void {
  sending.retryAt.delete(slot);
  sending.failures.delete(slot);
  sending.searchAfter = 0;
  if (state === 'stuck') sending.dueNow.add(slot);
  if (state !== 'gone') return;
  // Kept in mind: with a new lease the rows are read anew.
  sending.revived.add(slot);
  revive(sending, slot);
}
