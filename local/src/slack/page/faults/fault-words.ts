import type { CallFault, CallLine, EventFault, FaultState } from '../../page-api.ts';

/** What a rule about calls does, as one sentence without its subject: `answers 429, retry after 5 s`. */
export function callFaultWords(fault: Omit<CallFault, 'id' | 'method' | 'skip' | 'left'>): string {
  const words = [
    fault.delayMs > 0 ? `answered ${duration(fault.delayMs)} late` : null,
    fault.error === null ? statusWords(fault) : `refused: ${fault.error}`,
    fault.dropAnswer ? 'done, but the answer is lost' : null,
  ];
  return words.filter((one) => one !== null).join(', ');
}

function statusWords({
  status,
  retryAfterSeconds,
}: Pick<CallFault, 'status' | 'retryAfterSeconds'>): string | null {
  if (status === null) return null;
  return status === 429 ? `answered 429, retry after ${retryAfterSeconds} s` : `answered ${status}`;
}

/** Which calls: `next 3 calls`, `then the next call`, `2 calls after the next one`. `earlier` are the rules before it. */
export function callFaultCount({ method, left, skip }: CallFault, earlier: readonly CallFault[]): string {
  if (skip === 0) {
    const next = left === 1 ? 'next call' : `next ${left} calls`;
    // One call uses up one rule, the first that fits.
    const isLater = earlier.some((one) => one.skip === 0 && (one.method === method || one.method === '*'));
    return isLater ? `then the ${next}` : next;
  }
  const before = skip === 1 ? 'the next one' : `the next ${skip}`;
  return `${left === 1 ? '1 call' : `${left} calls`} after ${before}`;
}

/** What a rule about events does: `delivered twice`. */
export function eventFaultWords({ kind, delayMs }: Pick<EventFault, 'kind' | 'delayMs'>): string {
  switch (kind) {
    case 'duplicate':
      return 'delivered twice';
    case 'redeliver':
      return 'sent again, as if the app had not acknowledged it';
    case 'late':
      return `delivered ${duration(delayMs)} late`;
  }
}

/** Which events: `next 2 events`. */
export function eventFaultCount({ left }: EventFault): string {
  return left === 1 ? 'next event' : `next ${left} events`;
}

/** How many things are set to go wrong. */
export function countFaults(state: FaultState): number {
  const switches = Number(state.isDown) + Number(state.rateLimits);
  return switches + state.calls.length + state.events.length + Number(state.heldEvents > 0);
}

/** What is set to go wrong, in few words; empty when nothing is. */
export function summaryOf(state: FaultState): string {
  const rules = state.calls.length + state.events.length;
  const words = [
    state.isDown ? 'it is down' : null,
    state.rateLimits ? 'rate limits are on' : null,
    rules === 0 ? null : count(rules, 'fault waits', 'faults wait'),
    state.heldEvents === 0 ? null : count(state.heldEvents, 'event is held back', 'events are held back'),
  ];
  return words.filter((one) => one !== null).join(', ');
}

/** How a call ended: `ok`, `is_archived`, `429, wait 3 s`, `500`, `no answer`. */
export function outcomeOf({ status, error, retryAfterSeconds, isDropped }: CallLine): string {
  if (isDropped) return error === null ? 'done, answer lost' : 'no answer';
  if (retryAfterSeconds !== null) return `${status}, wait ${retryAfterSeconds} s`;
  if (status !== 200) return String(status);
  return error ?? 'ok';
}

/** Whether the app got what it asked for. */
export function wentWell({ status, error, isDropped }: CallLine): boolean {
  return status === 200 && error === null && !isDropped;
}

/** `400 ms`, `2 s`, `2.5 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

function count(amount: number, one: string, many: string): string {
  return amount === 1 ? `1 ${one}` : `${amount} ${many}`;
}
