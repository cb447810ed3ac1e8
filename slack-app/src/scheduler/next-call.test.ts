import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANES, nextCall, type Waiting } from './next-call.ts';

const NOW = 1_000;
const open = { closedUntil: new Map<string, number>(), servedAt: new Map<string, number>() };

const call = (id: number, overrides: Partial<Waiting> = {}): Waiting => ({
  id,
  lane: 'card',
  bucket: 'chat.update',
  party: 'ses_1',
  askedAt: NOW,
  notBefore: 0,
  ...overrides,
});

const anyCalls = fc
  .array(
    fc.record({
      lane: fc.constantFrom(...LANES),
      bucket: fc.constantFrom('chat.update', 'chat.postMessage/C1', 'chat.postMessage/C2'),
      party: fc.constantFrom('a', 'b', 'c'),
      askedAt: fc.constant(NOW),
      notBefore: fc.nat(2 * NOW),
    }),
    { maxLength: 30 },
  )
  .map((calls) => calls.map((one, id) => ({ ...one, id })));
const anyClosed = fc
  .dictionary(fc.constantFrom('chat.update', 'chat.postMessage/C1', 'chat.postMessage/C2'), fc.nat(2 * NOW))
  .map((closed) => new Map(Object.entries(closed)));

describe('whose turn it is', () => {
  it('never one of a closed bucket, and never nobody while a bucket is open', () => {
    fc.assert(
      fc.property(anyCalls, anyClosed, (calls, closedUntil) => {
        const isOpen = (one: Waiting) => one.notBefore <= NOW && (closedUntil.get(one.bucket) ?? 0) <= NOW;
        const next = nextCall(calls, { ...open, closedUntil }, NOW);
        const sendable = calls.filter(isOpen);
        if (next.do !== 'send') {
          expect(sendable).toEqual([]);
          return;
        }
        const sent = calls.find((one) => one.id === next.id);
        expect(sent && isOpen(sent)).toBe(true);
        const best = Math.min(...sendable.map((one) => LANES.indexOf(one.lane)));
        expect(LANES.indexOf(sent?.lane ?? 'search')).toBe(best);
      }),
    );
  });

  it('finals, then questions, errors, cards and what is a courtesy; before all of them what cannot wait', () => {
    const lanes = ['search', 'status', 'card', 'error', 'question', 'final', 'now'] as const;
    let waiting = lanes.map((lane, id) => call(id, { lane, party: lane }));
    const sent: string[] = [];
    for (let next = nextCall(waiting, open, NOW); next.do === 'send'; next = nextCall(waiting, open, NOW)) {
      const { id } = next;
      sent.push(...waiting.filter((one) => one.id === id).map(({ lane }) => lane));
      waiting = waiting.filter((one) => one.id !== id);
    }
    expect(sent).toEqual(lanes.toReversed());
  });

  it('a question that has waited for long, in turn with finals', () => {
    const calls = [
      call(1, { lane: 'final', party: 'a' }),
      call(2, { lane: 'question', party: 'b', askedAt: NOW }),
      call(3, { lane: 'question', party: 'c', askedAt: NOW }),
    ];
    const limits = { ...open, servedAt: new Map([['a', 5]]) };
    expect(nextCall(calls, limits, NOW + 14_999)).toEqual({ do: 'send', id: 1 });
    expect(nextCall(calls, limits, NOW + 15_000)).toEqual({ do: 'send', id: 2 });
  });

  it('waits exactly until the first bucket opens', () => {
    fc.assert(
      fc.property(anyCalls, anyClosed, (calls, closedUntil) => {
        const next = nextCall(calls, { ...open, closedUntil }, NOW);
        if (next.do !== 'wait') return;
        expect(next.until).toBeGreaterThan(NOW);
        expect(nextCall(calls, { ...open, closedUntil }, next.until - 1).do).toBe('wait');
        expect(nextCall(calls, { ...open, closedUntil }, next.until).do).toBe('send');
      }),
    );
  });

  it('serves every party of a lane before it serves one again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 }),
        (parties) => {
          let waiting = parties.map((party, id) => call(id, { party }));
          const servedAt = new Map<string, number>();
          const order: string[] = [];
          for (let turn = 1; waiting.length > 0; turn += 1) {
            const next = nextCall(waiting, { ...open, servedAt }, NOW);
            if (next.do !== 'send') throw new Error('nothing is closed');
            const party = waiting.find((one) => one.id === next.id)?.party ?? '';
            order.push(party);
            servedAt.set(party, turn);
            waiting = waiting.filter((one) => one.id !== next.id);
          }
          const rounds = new Set(parties).size;
          expect(new Set(order.slice(0, rounds)).size).toBe(rounds);
        },
      ),
    );
  });

  it('a final before a card that came first; in a party what came first', () => {
    const calls = [call(1), call(2, { lane: 'final' }), call(3, { lane: 'final' })];
    expect(nextCall(calls, open, NOW)).toEqual({ do: 'send', id: 2 });
    expect(nextCall([], open, NOW)).toEqual({ do: 'nothing' });
  });
});
