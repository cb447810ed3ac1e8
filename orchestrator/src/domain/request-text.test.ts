import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Again, askAgain, quotedThread, requestOf, type SessionEvent, withThread } from './index.ts';

const QUOTED = '<thread>\nAna: the cart is wrong\n</thread>\n\nfix the cart';

describe('a request below its thread', () => {
  it('can be told from it again', () => {
    expect(withThread('fix the cart', 'Ana: the cart is wrong')).toBe(QUOTED);
    expect(withThread('fix the cart', '')).toBe('fix the cart');
    expect([requestOf(QUOTED), quotedThread(QUOTED)]).toEqual(['fix the cart', 'Ana: the cart is wrong']);
    expect([requestOf('fix the cart'), quotedThread('fix the cart')]).toEqual(['fix the cart', null]);
  });

  it('is told from it also when nothing but the thread is left of it', () => {
    expect(requestOf(QUOTED.slice(0, -'\n\nfix the cart'.length))).toBe('');
  });

  it.each(['<thread>\nnever closed', 'see <thread>\nx\n</thread>\n\nbelow'])(
    'is the whole text where no thread was quoted above it: %j',
    (text) => {
      expect(requestOf(text)).toBe(text);
    },
  );

  it('cannot be faked by what was said', () => {
    const piece = fc.constantFrom(
      '<thread>',
      '</thread>',
      '</THREAD>',
      '</',
      'thread>',
      '<',
      '\n',
      '\n\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        expect(requestOf(withThread('fix it', pieces.join('')))).toBe('fix it');
      }),
    );
  });
});

describe('asking for a turn once more', () => {
  const requested = (text: string, again?: Again): SessionEvent => ({
    type: 'turn.requested',
    turnId: 'trn_1',
    text,
    ...(again && { again }),
  });
  const again = (why: 'resume' | 'retry', ...events: readonly SessionEvent[]) =>
    askAgain(
      events.map((event) => ({ event })),
      { of: 'trn_1', why },
    );

  it('says why, below the thread that was quoted above the request', () => {
    expect(again('resume', requested('fix the cart'))).toEqual({
      text: 'Go on with: fix the cart',
      again: { of: 'trn_1', why: 'resume' },
    });
    expect(again('retry', requested(QUOTED))).toMatchObject({
      text: '<thread>\nAna: the cart is wrong\n</thread>\n\nPlease try again: fix the cart',
    });
  });

  it('says it once however often it is asked', () => {
    const first = requested('Go on with: the plan', { of: 'trn_0', why: 'resume' });
    expect(again('retry', first)).toMatchObject({ text: 'Please try again: the plan' });
    expect(again('resume', first)).toMatchObject({ text: 'Go on with: the plan' });
  });

  it('leaves the same words alone where a person wrote them', () => {
    expect(again('resume', requested('Go on with: the plan'))).toMatchObject({
      text: 'Go on with: Go on with: the plan',
    });
    const first = requested('Go on with: Please try again: it', { of: 'trn_0', why: 'resume' });
    expect(again('resume', first)).toMatchObject({ text: 'Go on with: Please try again: it' });
    const amended: SessionEvent = { type: 'turn.amended', turnId: 'trn_1', text: 'Go on with: it' };
    expect(again('resume', first, amended)).toMatchObject({ text: 'Go on with: Go on with: it' });
  });

  it('asks in the words that the request was put in last', () => {
    const amended: SessionEvent = { type: 'turn.amended', turnId: 'trn_1', text: 'fix the basket' };
    expect(again('resume', requested('fix the cart'), amended)).toMatchObject({
      text: 'Go on with: fix the basket',
    });
  });

  it('is not possible for a turn that nobody requested', () => {
    expect(again('resume', { type: 'turn.requested', turnId: 'trn_2', text: 'x' })).toBeNull();
  });
});
