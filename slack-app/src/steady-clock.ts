import type { Clock } from 'orchestrator/platform/clock';

/**
 * A clock that never goes back: where the system's clock is set back it goes on from where it was. For waits within this
 * process: until a moment of the old time they would last for as long as the clock was wrong.
 */
export function steadyClock(clock: Clock): Clock {
  let last = clock.now();
  let aheadMs = 0;
  return {
    now: () => {
      const now = clock.now() + aheadMs;
      if (now < last) aheadMs += last - now;
      else last = now;
      return last;
    },
  };
}
