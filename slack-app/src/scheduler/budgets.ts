import {
  BurstyRateLimiter,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { Bucket, Rate } from './tiers.ts';

/** What is left of each bucket. Counted outside of the scheduler, so that several processes can share it. */
export interface Budgets {
  /** Takes one call out of a bucket. Answers with 0, or with the milliseconds after which it may be tried again. */
  take(bucket: Bucket): Promise<number>;
  /** Calls that could be made at once. */
  available(bucket: Bucket): Promise<number>;
}

type Window = { readonly name: string; readonly calls: number; readonly seconds: number };

/**
 * Where windows are counted. `RateLimiterRedis` has the same methods and is what several processes on one workspace
 * would use; until then each process obeys what Slack answers.
 */
type OpenWindow = (window: Window) => RateLimiterAbstract;

const inMemory: OpenWindow = ({ name, calls, seconds }) =>
  new RateLimiterMemory({ keyPrefix: name, points: calls, duration: seconds });

/** The shortest wait that is answered, so that rounding never makes a caller ask in a loop. In milliseconds. */
const SHORTEST_WAIT_MS = 5;

export function createBudgets(open: OpenWindow = inMemory): Budgets {
  const limiters = new Map<Rate, { flow: RateLimiterAbstract; burst: RateLimiterAbstract }>();

  function limiterOf({ rate }: Bucket) {
    const known = limiters.get(rate);
    if (known) return known;
    const name = `slack-${limiters.size}`;
    const limiter = {
      flow: open({ name: `${name}-flow`, ...rate.flow }),
      burst: open({ name: `${name}-burst`, ...rate.burst }),
    };
    limiters.set(rate, limiter);
    return limiter;
  }

  return {
    take: async (bucket) => {
      const { flow, burst } = limiterOf(bucket);
      try {
        await new BurstyRateLimiter(flow, burst).consume(bucket.name);
        return 0;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return Math.max(SHORTEST_WAIT_MS, refused.msBeforeNext);
      }
    },
    available: async (bucket) => {
      const { flow, burst } = limiterOf(bucket);
      const [left, extra] = await Promise.all([flow.get(bucket.name), burst.get(bucket.name)]);
      const remaining = (res: RateLimiterRes | null, calls: number) =>
        res ? Math.max(0, res.remainingPoints) : calls;
      return remaining(left, bucket.rate.flow.calls) + remaining(extra, bucket.rate.burst.calls);
    },
  };
}
