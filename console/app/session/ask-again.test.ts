import { describe, expect, it } from 'vitest';
import { askAgainKey, askAgainText, isAskedAgain, quotedThread, requestOf } from './ask-again.ts';

const QUOTED = '<thread>\nAna: the cart is wrong\n</thread>\n\nfix the cart';

describe('asking for a turn once more', () => {
  it('leaves out the thread that was quoted above the request', () => {
    expect([QUOTED, 'fix the cart', '<thread>\nnever closed'].map(requestOf)).toEqual([
      'fix the cart',
      'fix the cart',
      '<thread>\nnever closed',
    ]);
  });

  it('keeps the thread for who wants to read it', () => {
    expect([QUOTED, 'fix the cart'].map(quotedThread)).toEqual(['Ana: the cart is wrong', null]);
  });

  it('says why, and says it once however often it is asked', () => {
    expect(askAgainText('resume', QUOTED)).toBe('Go on with: fix the cart');
    expect(askAgainText('retry', 'Go on with: fix the cart')).toBe('Please try again: fix the cart');
    expect(askAgainText('resume', 'Go on with: fix the cart')).toBe('Go on with: fix the cart');
  });

  it('has the key of the button in Slack, so that two presses are one request', () => {
    expect(askAgainKey('resume', 'trn_a')).toBe('slack:resume:trn_a');
  });

  it('is found again, in the shortened form of the Slack app too', () => {
    const long = 'x'.repeat(20_000);
    expect(isAskedAgain(QUOTED, 'Go on with: fix the cart')).toBe(true);
    expect(isAskedAgain(long, `Please try again: ${long.slice(0, 8_000)}`)).toBe(true);
    expect(isAskedAgain(QUOTED, 'Go on with: something else')).toBe(false);
    expect(isAskedAgain(QUOTED, 'fix the cart')).toBe(false);
  });
});
