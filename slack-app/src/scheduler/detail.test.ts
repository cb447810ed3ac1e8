import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DetailState, nextDetail } from './detail.ts';

const LEVELS = ['live', 'milestones', 'silent'];
const state = (mode: DetailState['mode'], since = 0): DetailState => ({ mode, since });

it('shows less as edits pile up, and more again one step at a time when they do not', () => {
  expect(nextDetail(state('live'), 9_000, 1).mode).toBe('live');
  expect(nextDetail(state('live'), 11_000, 1).mode).toBe('milestones');
  expect(nextDetail(state('milestones'), 31_000, 1).mode).toBe('silent');
  expect(nextDetail(state('silent'), 0, 20_000).mode).toBe('milestones');
  expect(nextDetail(state('milestones', 20_000), 0, 21_000).mode).toBe('milestones');
});

it('moves at most one step a look, and never up and down within the dwell', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60_000), { maxLength: 60 }), (backlogs) => {
      let now = 0;
      let current = state('live');
      let wentUpAt = Number.NEGATIVE_INFINITY;
      for (const backlogMs of backlogs) {
        now += 1_000;
        const next = nextDetail(current, backlogMs, now);
        const step = LEVELS.indexOf(next.mode) - LEVELS.indexOf(current.mode);
        expect(Math.abs(step)).toBeLessThanOrEqual(1);
        if (step < 0) {
          expect(now - current.since).toBeGreaterThanOrEqual(12_000);
          expect(now - wentUpAt).toBeGreaterThanOrEqual(12_000);
          wentUpAt = now;
        }
        current = next;
      }
    }),
  );
});
