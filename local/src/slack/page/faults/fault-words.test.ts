import { describe, expect, it } from 'vitest';
import type { CallFault, CallLine, FaultState } from '../../page-api.ts';
import {
  callFaultCount,
  callFaultWords,
  countFaults,
  duration,
  eventFaultWords,
  outcomeOf,
  summaryOf,
  wentWell,
} from './fault-words.ts';

const fault: CallFault = {
  id: 'call-1',
  method: '*',
  skip: 0,
  left: 1,
  delayMs: 0,
  status: null,
  retryAfterSeconds: 1,
  error: null,
  dropAnswer: false,
};
const call: CallLine = {
  id: 1,
  method: 'auth.test',
  at: 0,
  tookMs: 0,
  args: {},
  status: 200,
  error: null,
  retryAfterSeconds: null,
  isDropped: false,
  isFault: false,
};
const calm: FaultState = { isDown: false, rateLimits: false, calls: [], events: [], heldEvents: 0 };

describe('faults in words', () => {
  it.each([
    [{ delayMs: 2500 }, 'answered 2.5 s late'],
    [{ status: 429, retryAfterSeconds: 5 }, 'answered 429, retry after 5 s'],
    [{ status: 500 }, 'answered 500'],
    [{ error: 'is_archived' }, 'refused: is_archived'],
    [{ delayMs: 100, dropAnswer: true }, 'answered 100 ms late, done, but the answer is lost'],
  ])('says what %j does', (more, words) => {
    expect(callFaultWords({ ...fault, ...more })).toBe(words);
  });

  it('says which calls are meant', () => {
    const counted = (more: Partial<CallFault>, ...earlier: readonly CallFault[]) =>
      callFaultCount({ ...fault, ...more }, earlier);
    expect(counted({})).toBe('next call');
    expect(counted({ left: 3 })).toBe('next 3 calls');
    expect(counted({ skip: 1 })).toBe('1 call after the next one');
    expect(counted({ left: 2, skip: 4 })).toBe('2 calls after the next 4');
    const update = { ...fault, method: 'chat.update' };
    expect(counted(update, update)).toBe('then the next call');
    expect(counted({ ...update, left: 2 }, fault)).toBe('then the next 2 calls');
    expect(counted({ method: 'auth.test' }, update)).toBe('next call');
    expect(counted(update, { ...update, skip: 1 })).toBe('next call');
  });

  it('says what happens to events', () => {
    const event = { id: 'event-1', eventType: 'message', left: 1, delayMs: 5000 };
    expect(eventFaultWords({ ...event, kind: 'late' })).toBe('delivered 5 s late');
    expect(eventFaultWords({ ...event, kind: 'duplicate' })).toBe('delivered twice');
  });

  it('sums up what is set to go wrong, and is silent when nothing is', () => {
    expect([summaryOf(calm), countFaults(calm)]).toEqual(['', 0]);
    const busy = { ...calm, isDown: true, rateLimits: true, calls: [fault], heldEvents: 2 };
    expect(summaryOf(busy)).toBe('it is down, rate limits are on, 1 fault waits, 2 events are held back');
    expect(countFaults(busy)).toBe(4);
  });
});

describe('calls in words', () => {
  it.each([
    [{}, 'ok', true],
    [{ error: 'is_archived' }, 'is_archived', false],
    [{ status: 429, error: 'ratelimited', retryAfterSeconds: 3 }, '429, wait 3 s', false],
    [{ status: 500, error: 'internal_error' }, '500', false],
    [{ isDropped: true }, 'done, answer lost', false],
    [{ isDropped: true, error: 'is_archived' }, 'no answer', false],
  ])('says how %j ended', (more, words, isFine) => {
    expect(outcomeOf({ ...call, ...more })).toBe(words);
    expect(wentWell({ ...call, ...more })).toBe(isFine);
  });

  it('writes short waits in milliseconds and long ones in seconds', () => {
    expect([duration(0), duration(999), duration(1000), duration(61_250)]).toEqual([
      '0 ms',
      '999 ms',
      '1 s',
      '61.3 s',
    ]);
  });
});
