import type { FailureCode } from '../domain/index.ts';
import type { Logger } from '../platform/log.ts';
import { failureOf } from './failure.ts';

/** Waits between the tries, in milliseconds. */
const WAITS_MS = [1_000, 5_000, 20_000];

type Failure = { readonly code: FailureCode; readonly detail: string };

/** What work came to: tried again after failures that pass, given up after the others; `aborted` when the signal did. */
export async function tryAgain<T>(
  deps: {
    readonly logger: Logger;
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  },
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<'aborted' | { readonly value: T } | { readonly failure: Failure }> {
  for (let tries = 0; ; tries++) {
    try {
      return { value: await work() };
    } catch (error) {
      if (signal.aborted) return 'aborted';
      const { code, detail } = failureOf(error);
      const waitMs = WAITS_MS[tries];
      const retryable = error instanceof Error && 'retryable' in error && error.retryable === true;
      if (!retryable || waitMs === undefined) {
        deps.logger.error({ err: error, code }, 'step of a session failed');
        return { failure: { code, detail: detail.slice(0, 2000) } };
      }
      deps.logger.warn({ err: error, waitMs }, 'step of a session failed, trying again');
      await deps.sleep(waitMs, signal);
    }
  }
}
