import { Conflict } from 'orchestrator/domain';
import { deliver, wordsOf } from './deliver.ts';
import { requireLease } from './lease-guard.ts';
import type { Step, Wanted } from './next-sends.ts';
import type { OutboxRow } from './outbox.ts';
import type { Lane } from './scheduler/next-call.ts';
import { afterFailure } from './send-failure.ts';
import { type Busy, newRow, record, type Sending, type SendingDeps } from './sending.ts';
import type { Turn } from './slack-api.ts';

type Sent = { readonly ts: string | null };

/**
 * Brings one message to what it should hold, in its turn: the wish is stored, the call made, the answer stored. What
 * goes wrong is written down; only the loss of the lease with this token is thrown on, as a Conflict.
 */
export async function sendSlot(
  deps: SendingDeps,
  sending: Sending,
  step: Exclude<Step, { do: 'search' }> & { readonly token: number },
): Promise<void> {
  const { slot, lane, token } = step;
  const before = sending.underWay.get(slot.key) ?? null;
  const { hash, phase } = slot;
  const mine: Busy = { hash, phase, lane, isOnWire: false, isOver: false, before };
  sending.underWay.set(slot.key, mine);
  sending.dueNow.delete(slot.key);
  sending.revived.delete(slot.key);
  try {
    const row = await desire(deps, sending, { slot, token });
    const sent = await call(deps, sending, { slot, row, lane, mine, token });
    if (sent) await keep(deps, sending, { slot, row, sent, token });
  } catch (error) {
    if (error instanceof Conflict) throw error;
    await afterFailure(deps, sending, { slot, error, token });
  } finally {
    mine.isOver = true;
    // What was replaced before it left is of no interest any more.
    while (mine.before?.isOver && !mine.before.isOnWire) mine.before = mine.before.before;
    // An edit that was replaced leaves the place to the one that replaced it.
    if (sending.underWay.get(slot.key) === mine) sending.underWay.delete(slot.key);
  }
}

/** Stores what the message should hold before anything is sent. */
async function desire(
  deps: SendingDeps,
  sending: Sending,
  { slot, token }: { readonly slot: Wanted; readonly token: number },
): Promise<OutboxRow> {
  await deps.faults.at('outbox.before_desire');
  const wanted = wordsOf(slot);
  const known = sending.rows.get(slot.key);
  let row: OutboxRow;
  if (!known) {
    const begun = newRow(sending, { key: slot.key, wanted, token });
    row = await deps.outbox.begin(begun);
    // Only a row that we made just now says that nobody has tried.
    if (row === begun) sending.isAbsent.add(slot.key);
    sending.rows.set(slot.key, row);
  } else if (known.wanted === wanted) row = known;
  else row = await record(deps, sending, { row: known, change: { wanted }, token });
  await deps.faults.at('outbox.after_desire');
  return row;
}

async function call(
  deps: SendingDeps,
  sending: Sending,
  step: { slot: Wanted; row: OutboxRow; lane: Lane; mine: Busy; token: number },
): Promise<Sent | null> {
  const { slot, row, lane, mine, token } = step;
  const around: Turn['around'] = async (make) => {
    await deps.faults.at('sender.before_call');
    await requireLease(deps, sending, token);
    // From here on the message may be there.
    sending.isAbsent.delete(slot.key);
    const answer = await make();
    await deps.faults.at('sender.after_call');
    return answer;
  };
  // A newer wish for the same message is on its way by now.
  if (sending.underWay.get(slot.key) !== mine) return null;
  // What this was to replace has left meanwhile: the next round sees what came of it.
  const left = hasLeft(mine.before);
  if (left) {
    if (!left.isOver) sending.underWay.set(slot.key, left);
    return null;
  }
  const onWire = (isOnWire: boolean) => {
    mine.isOnWire = isOnWire;
  };
  const turn = { lane, party: sending.sessionId, onWire, around };
  const { sessionId, thread } = sending;
  const outcome = await deliver(deps, { sessionId, thread, slot, ts: row.ts, turn });
  // Not sent: a newer edit took its place, or the process ends and nothing more is tried.
  if (!outcome.sent && outcome.why === 'closed') sending.isClosed = true;
  return outcome.sent ? { ts: outcome.value.ts } : null;
}

/** Which of those that were to be replaced, one by the other, has left all the same. */
function hasLeft(busy: Busy | null): Busy | null {
  if (busy === null || busy.isOnWire) return busy;
  return hasLeft(busy.before);
}

async function keep(
  deps: SendingDeps,
  sending: Sending,
  { slot, row, sent, token }: { slot: Wanted; row: OutboxRow; sent: Sent; token: number },
): Promise<void> {
  const now = deps.clock.now();
  const isCopyPossible = row.ts === null && sending.isDoubted.delete(slot.key);
  const change = {
    state: 'sent',
    ts: sent.ts,
    sentHash: slot.hash,
    sentPhase: slot.phase,
    sent: wordsOf(slot),
    sentAt: now,
    tries: row.tries + 1,
    problem: null,
    retryAt: null,
    ...(isCopyPossible && { doubtAt: now + deps.timing.doubtMs }),
  } as const;
  try {
    await record(deps, sending, { row: sending.rows.get(slot.key) ?? row, change, token });
  } catch (error) {
    // Somebody else took the thread over while the call was under way, and may have posted the same.
    if (error instanceof Conflict) await deps.outbox.doubt(row, now);
    throw error;
  }
  await deps.faults.at('sender.after_record');
  sending.sentAt.set(slot.key, now);
  sending.progress.set(slot.key, slot.progress);
  sending.failures.delete(slot.key);
  sending.ownFailures.delete(slot.key);
  sending.retryAt.delete(slot.key);
}
