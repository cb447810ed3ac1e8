import { expect, it } from 'vitest';
import { steadyClock } from './steady-clock.ts';

it('goes on at the same pace when the clock is set back, and forward with it', () => {
  let wall = 10_000;
  const steady = steadyClock({ now: () => wall });
  wall += 500;
  expect(steady.now()).toBe(10_500);
  wall -= 9_000;
  expect(steady.now()).toBe(10_500);
  wall += 300;
  expect(steady.now()).toBe(10_800);
  wall += 5_000;
  expect(steady.now()).toBe(15_800);
});
