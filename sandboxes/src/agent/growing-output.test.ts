import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outputGained } from './growing-output.ts';

it('tells what a text gained', () => {
  expect(outputGained('', 'one\n')).toEqual({ chunk: 'one\n', reset: false });
  expect(outputGained('one\n', 'one\ntwo\n')).toEqual({ chunk: 'two\n', reset: false });
});

it('replaces a text that is no continuation', () => {
  expect(outputGained('one\n', 'something else')).toEqual({ chunk: 'something else', reset: true });
});

it('follows a text of which only the end is kept, also where it repeats itself', () => {
  const windowLength = 1_000;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a\n', 'ab\n', 'line\n'.repeat(40), 'x'.repeat(90)), { maxLength: 60 }),
      (chunks) => {
        let whole = '';
        let shown = '';
        let before = '';
        for (const chunk of chunks) {
          whole += chunk;
          const now = whole.slice(-windowLength);
          const gained = outputGained(before, now);
          shown = gained.reset ? gained.chunk : shown + gained.chunk;
          before = now;
          // A text that repeats itself can be shown shorter than it is, never with a wrong end.
          expect(shown.endsWith(now) || now.endsWith(shown)).toBe(true);
        }
      },
    ),
  );
});
