import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, cutStart, redact } from './text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('cutting text', () => {
  it('never exceeds the limit and never splits a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 100 }), (text, max) => {
        for (const short of [cut(text, max), cutStart(text, max)]) {
          expect(short.length).toBeLessThanOrEqual(Math.max(max, 0));
          expect(short.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('leaves a text alone that fits', () => {
    expect(cut('ready', 5)).toBe('ready');
    expect(cutStart('ready', 5)).toBe('ready');
  });

  it('keeps the beginning or the end, with an ellipsis where something is gone', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cutStart('abcdef', 4)).toBe('…def');
    expect(cut('ab👍', 3)).toBe('ab…');
  });
});

describe('redaction', () => {
  it('takes every copy of a secret out', () => {
    expect(redact('a sk-12345678 b sk-12345678', ['sk-12345678'])).toBe('a [secret] b [secret]');
  });

  it('does not garble text for the sake of a short value', () => {
    expect(redact('the cat', ['cat', ''])).toBe('the cat');
  });
});
