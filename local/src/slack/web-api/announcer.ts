import type { CallLine, FaultState } from '../page-api.ts';
import type { PageBus } from '../page-bus.ts';

/** Long enough to put a burst of calls into one event, short enough to look live. */
const WAIT_MS = 150;
/** What a page shows at most; the rest of a burst would be thrown away there. */
const MAX_CALLS = 200;

/** Tells the pages of faults and calls: what comes in quick succession goes out as one event. */
export function createAnnouncer(page: PageBus, state: () => FaultState) {
  let calls: readonly CallLine[] = [];
  const tellFaults = together(() => page.publish({ type: 'faults', faults: state() }));
  const tellCalls = together(() => {
    const told = calls;
    calls = [];
    page.publish({ type: 'calls', calls: told });
  });
  return {
    /** Something about the faults has changed. */
    faults: tellFaults,
    call(line: CallLine): void {
      calls = [line, ...calls].slice(0, MAX_CALLS);
      tellCalls();
    },
  };
}

/** Runs `act` once, a little after the first of many calls. */
function together(act: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    const timer = setTimeout(() => {
      isWaiting = false;
      act();
    }, WAIT_MS);
    timer.unref();
  };
}
