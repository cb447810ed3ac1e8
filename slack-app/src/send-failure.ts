import { UpstreamError } from 'orchestrator/domain';
import { wordsOf } from './deliver.ts';
import { requireLease } from './lease-guard.ts';
import type { Wanted } from './next-sends.ts';
import { IN_PERSON, type OutboxRow, type RowChange } from './outbox.ts';
import { newRow, record, type Sending, type SendingDeps } from './sending.ts';
import type { SlackApi, Turn } from './slack-api.ts';
import { OWN_CODE, sentenceOf, type Trouble, troubleOf } from './slack-troubles.ts';

/** Waits after failures that may pass: half a second, doubled up to a minute. In milliseconds. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** Failures of our own in a row after which it is taken for a bug with this content: some five minutes. */
const OWN_FAILURES_MAX = 10;

type FailureDeps = Omit<SendingDeps, 'slack' | 'artifact' | 'detail' | 'catchUp' | 'faults'> & {
  readonly slack: Pick<SlackApi, 'tell'>;
};

/** What a failed try of one message means for the next one: written down, and said to whoever waits for it. */
export async function afterFailure(
  deps: FailureDeps,
  sending: Sending,
  failure: {
    readonly slot: Wanted;
    readonly error: unknown;
    readonly isLook?: boolean;
    readonly token: number;
  },
): Promise<void> {
  const { slot, error, token } = failure;
  const failures = sending.failures.get(slot.key) ?? 0;
  sending.failures.set(slot.key, failures + 1);
  const ownFailures = error instanceof UpstreamError ? 0 : (sending.ownFailures.get(slot.key) ?? 0) + 1;
  sending.ownFailures.set(slot.key, ownFailures);
  const trouble = kindOf(error, { isLook: failure.isLook === true, ownFailures });
  const code = error instanceof UpstreamError ? error.message : OWN_CODE;
  deps.log.warn({ err: error, slot: slot.key, trouble }, 'message was not taken');
  sending.retryAt.set(slot.key, deps.clock.now() + waitMs(failures));
  // Slack said no: the message is certainly not there.
  if (error instanceof UpstreamError && !error.retryable) sending.isAbsent.add(slot.key);
  // A look that was refused is about messages that nothing was done about yet, too.
  const known = sending.rows.get(slot.key);
  const row =
    known ?? (await deps.outbox.begin(newRow(sending, { key: slot.key, wanted: wordsOf(slot), token })));
  const problem = { code, at: deps.clock.now() };
  const change = { tries: row.tries + 1, problem, ...changeFor(deps, { slot, row, trouble }) };
  await record(deps, sending, { row, change, token });
  // What stands in the thread is read there, and of what nothing is known yet nothing is said.
  if (row.ts !== null || sending.mustSearch) return;
  if (change.state === 'stuck' || trouble === 'thread') await tell(deps, sending, { slot, code, token });
}

function waitMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}

function kindOf(error: unknown, how: { readonly isLook: boolean; readonly ownFailures: number }): Trouble {
  // A failure of ours: of the store, which passes, or a bug with this content, which does not.
  if (!(error instanceof UpstreamError)) return how.ownFailures < OWN_FAILURES_MAX ? 'passing' : 'content';
  if (error.retryable) return 'passing';
  const trouble = troubleOf(error.message);
  // A look that was refused says nothing of a message.
  return how.isLook && trouble !== 'thread' ? 'place' : trouble;
}

function changeFor(
  { clock, timing }: FailureDeps,
  failed: { slot: Wanted; row: OutboxRow; trouble: Trouble },
): RowChange {
  const { slot, row, trouble } = failed;
  switch (trouble) {
    case 'passing':
      return {};
    case 'place':
      return { state: 'stuck', retryAt: clock.now() + placeWaitMs(row, timing) };
    case 'deleted':
      // A card that somebody deleted is not wanted by somebody; what was found out is wanted by who asked.
      if (slot.lane === 'card') return { state: 'gone' };
      if (row.wasReposted)
        return { state: 'stuck', retryAt: null, sentHash: slot.hash, sentPhase: slot.phase };
      return { state: 'waiting', ts: null, sent: null, sentHash: null, wasReposted: true };
    case 'frozen':
    case 'thread':
      return { state: 'gone' };
    case 'content':
      return { state: 'stuck', retryAt: null, sentHash: slot.hash, sentPhase: slot.phase };
  }
}

/** Twice as long as the last time, by the row, so that a restart changes nothing. */
function placeWaitMs({ state, retryAt, problem }: OutboxRow, timing: SendingDeps['timing']): number {
  const before = state === 'stuck' && retryAt !== null && problem ? retryAt - problem.at : 0;
  return Math.min(timing.placeWaitMaxMs, Math.max(timing.placeWaitMs, before * 2));
}

/**
 * Tells whoever asked, in person, that a message for them could not be posted. At most once: the row is written first,
 * and a crash in between leaves it to the console, which lists what is stuck.
 */
async function tell(
  deps: FailureDeps,
  sending: Sending,
  { slot, code, token }: { slot: Wanted; code: string; token: number },
): Promise<void> {
  const key = `${slot.key}/told`;
  if (slot.tell === null || sending.rows.has(key)) return;
  const { channel } = sending.thread;
  const where = channel.startsWith('C') || channel.startsWith('G') ? `<#${channel}>` : 'our conversation';
  const what = slot.lane === 'question' ? 'A question about your request' : 'The result of your request';
  const said = `${what} could not be posted in ${where}. ${sentenceOf(code)}`;
  const text = `${said}\nIt is here: ${deps.sessionUrl(sending.sessionId)}\n>${wordsOf(slot).split('\n')[0] ?? ''}`;
  const place = { channel: slot.tell, threadTs: IN_PERSON };
  const begun: OutboxRow = { ...newRow(sending, { key, wanted: text, token }, place), state: 'sent' };
  const row = await deps.outbox.begin(begun);
  sending.rows.set(key, row);
  // Somebody else has told them, or is about to.
  if (row !== begun) return;
  const around: Turn['around'] = async (make) => {
    await requireLease(deps, sending, token);
    return make();
  };
  try {
    const turn = { lane: 'error', party: sending.sessionId, around } as const;
    const told = await deps.slack.tell(slot.tell, text, turn);
    if (told.sent) {
      const change = { ts: told.value.ts, sent: text, sentAt: deps.clock.now(), tries: 1 };
      await record(deps, sending, { row, change, token });
    }
  } catch (err) {
    if (!(err instanceof UpstreamError)) throw err;
    deps.log.warn({ err, slot: slot.key }, 'requester could not be told');
  }
}
