import type { Clock } from 'orchestrator/platform/clock';

/** So many arrivals in so many milliseconds are a rush: a person in a thread, and a few others, are none. */
const RUSH_ARRIVALS = 8;
const RUSH_WINDOW_MS = 100;
/** Work is put off so long at most, so that a lasting rush stops nobody's work for good. In milliseconds. */
const PUT_OFF_MAX_MS = 5_000;

/**
 * Lets acknowledgements go first. Slack waits three seconds for each; the work on five hundred events that come at once
 * takes longer than that, storing them does not.
 */
export interface Rush {
  arrived(): void;
  /** Resolves at once outside of a rush, else when it is over. */
  over(signal: AbortSignal): Promise<void>;
}

type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export function createRush({ clock, pause }: { readonly clock: Clock; readonly pause: Pause }): Rush {
  let arrivals: number[] = [];
  const isOn = () => {
    const since = clock.now() - RUSH_WINDOW_MS;
    arrivals = arrivals.filter((at) => at > since);
    return arrivals.length > RUSH_ARRIVALS;
  };
  return {
    arrived: () => {
      arrivals = [...arrivals.slice(-RUSH_ARRIVALS), clock.now()];
    },
    over: async (signal) => {
      const until = clock.now() + PUT_OFF_MAX_MS;
      while (isOn() && clock.now() < until && !signal.aborted) await pause(RUSH_WINDOW_MS, signal);
    },
  };
}
