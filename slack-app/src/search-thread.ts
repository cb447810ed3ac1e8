import { Conflict, UpstreamError } from 'orchestrator/domain';
import { requireLease } from './lease-guard.ts';
import { SEARCH, SEARCHING, type Wanted } from './next-sends.ts';
import type { OutboxRow } from './outbox.ts';
import { afterFailure } from './send-failure.ts';
import { newRow, record, type Sending, type SendingDeps } from './sending.ts';
import { isClosing, type Turn } from './slack-api.ts';
import type { SlackMessage } from './slack-messages.ts';
import { troubleOf } from './slack-troubles.ts';

/** Waits after a look that failed: a second, doubled up to a minute. In milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Looks which of its messages a thread holds already, by their metadata, and writes it down; deletes copies that arrived
 * late. Afterwards what was not found may be posted.
 */
export async function searchThread(deps: SendingDeps, sending: Sending, token: number): Promise<void> {
  sending.underWay.set(SEARCH, { ...SEARCHING, isOver: false, before: null });
  const missing = sending.wanted.filter(
    ({ key }) => isUnknown(sending.rows.get(key)) && !sending.underWay.has(key),
  );
  try {
    const found = await find(deps, sending, missing);
    for (const [slot, copies] of found) await settle(deps, sending, { slot, copies, token });
    await endDoubts(deps, sending, { found, token });
    for (const { key } of missing) {
      // What is under way now may have come into the thread behind the look.
      if (found.has(key) || sending.underWay.has(key)) continue;
      sending.isAbsent.add(key);
      if (sending.rows.has(key)) sending.isDoubted.add(key);
    }
    await searched(deps, sending);
    sending.failures.delete(SEARCH);
  } catch (error) {
    if (error instanceof Conflict) throw error;
    if (isClosing(error)) sending.isClosed = true;
    else await afterFailedSearch(deps, sending, { missing, error, token });
  } finally {
    sending.underWay.delete(SEARCH);
  }
}

/** What was looked for and not found is doubted no more. */
async function endDoubts(
  deps: SendingDeps,
  sending: Sending,
  { found, token }: { readonly found: ReadonlyMap<string, unknown>; readonly token: number },
): Promise<void> {
  const doubted = [...sending.rows.values()].filter((row) => row.doubtAt !== null && !found.has(row.slot));
  for (const row of doubted) await record(deps, sending, { row, change: { doubtAt: null }, token });
}

async function searched({ outbox }: SendingDeps, sending: Sending): Promise<void> {
  if (sending.mustSearch) await outbox.setMustSearch(sending.sessionId, false);
  sending.mustSearch = false;
}

function isUnknown(row: OutboxRow | undefined): boolean {
  return !row || (row.ts === null && row.state !== 'gone' && row.state !== 'sent');
}

/** Our messages in the thread by slot, oldest first. Rows that are known are told apart by their copies too. */
async function find(
  { slack }: SendingDeps,
  sending: Sending,
  missing: readonly Wanted[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for await (const message of slack.thread(sending.thread)) {
    const slot = slotOf(message, sending, missing);
    if (slot !== null) found.set(slot, [...(found.get(slot) ?? []), message.ts]);
  }
  return found;
}

function slotOf(message: SlackMessage, sending: Sending, missing: readonly Wanted[]): string | null {
  if (message.slot) return message.slot.session === sending.sessionId ? message.slot.slot : null;
  const file = missing.find(
    ({ content }) =>
      content.kind === 'file' && message.fileNames.some((name) => name.startsWith(content.artifactId)),
  );
  return file?.key ?? null;
}

/** Writes down where a message is, and leaves one of it. */
async function settle(
  deps: SendingDeps,
  sending: Sending,
  { slot, copies, token }: { slot: string; copies: readonly string[]; token: number },
): Promise<void> {
  const known =
    sending.rows.get(slot) ?? (await deps.outbox.begin(newRow(sending, { key: slot, wanted: '', token })));
  const kept = known.ts !== null && copies.includes(known.ts) ? known.ts : copies[0];
  if (kept === undefined) return;
  for (const ts of copies.filter((copy) => copy !== kept)) await removeCopy(deps, sending, { ts, token });
  if (known.ts === kept && known.doubtAt === null && sending.rows.has(slot)) return;
  // After a doubt somebody else may have written into it too: it is written once more.
  const sentHash = known.ts === kept && known.doubtAt === null ? known.sentHash : null;
  const change = { state: 'sent', ts: kept, sentHash, doubtAt: null, problem: null, retryAt: null } as const;
  await record(deps, sending, { row: known, change, token });
}

async function removeCopy(
  deps: SendingDeps,
  sending: Sending,
  { ts, token }: { readonly ts: string; readonly token: number },
): Promise<void> {
  const around: Turn['around'] = async (make) => {
    await requireLease(deps, sending, token);
    return make();
  };
  deps.log.warn({ ts }, 'copy of a message is deleted');
  const turn = { lane: 'error', party: sending.sessionId, around } as const;
  try {
    await deps.slack.remove({ channel: sending.thread.channel, ts }, turn);
  } catch (err) {
    // A copy that stays, or that somebody else has deleted, holds up nothing.
    if (!(err instanceof UpstreamError) || err.retryable) throw err;
    deps.log.warn({ err, ts }, 'copy of a message could not be deleted');
  }
}

/** A place that does not let us look does not let us post: then the messages are stuck for the same reason. */
async function afterFailedSearch(
  deps: SendingDeps,
  sending: Sending,
  { missing, error, token }: { missing: readonly Wanted[]; error: unknown; token: number },
): Promise<void> {
  const failures = sending.failures.get(SEARCH) ?? 0;
  sending.failures.set(SEARCH, failures + 1);
  const isPassing = error instanceof UpstreamError && error.retryable;
  const { placeWaitMs, placeWaitMaxMs } = deps.timing;
  const [first, longest] = isPassing ? [FIRST_WAIT_MS, LONGEST_WAIT_MS] : [placeWaitMs, placeWaitMaxMs];
  sending.searchAfter = deps.clock.now() + Math.min(longest, first * 2 ** Math.min(failures, 20));
  deps.log.warn({ err: error, until: sending.searchAfter }, 'thread could not be looked through');
  if (isPassing) return;
  // In a thread that is gone there is nothing to find.
  if (error instanceof UpstreamError && troubleOf(error.message) === 'thread') {
    await searched(deps, sending);
    await endDoubts(deps, sending, { found: new Map(), token });
  }
  const stillMissing = missing.filter(
    ({ key }) => isUnknown(sending.rows.get(key)) && !sending.underWay.has(key),
  );
  for (const slot of stillMissing) {
    await afterFailure(deps, sending, { slot, error, isLook: true, token });
    // Refused was the look, not the message: whether it is there is not known.
    sending.isAbsent.delete(slot.key);
  }
}
