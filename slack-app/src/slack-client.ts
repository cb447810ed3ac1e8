import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { UpstreamError } from 'orchestrator/domain';
import type { Logger } from 'orchestrator/platform/log';
import type { Verdict } from './scheduler/scheduler-types.ts';
import { slackLogger } from './slack-logger.ts';
import { isPassingCode, isTokenCode } from './slack-troubles.ts';

/** A request that Slack has not answered by then is given up; without it a dead connection would wait for ever. */
export const CALL_TIMEOUT_MS = 10_000;

/**
 * Slack's client, without retries and waits of its own: the scheduler decides about both. `timeoutMs` also ends a
 * request that waits to leave, so that a process which was paused for longer sends nothing late.
 */
export function createSlackClient(options: {
  readonly token: string;
  readonly slackApiUrl?: string;
  readonly timeoutMs: number;
  readonly log: Logger;
}): WebClient {
  // One object for this client alone: web-api and socket-mode both write into the options that they are given.
  return new WebClient(options.token, {
    timeout: options.timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    maxRequestConcurrency: 100,
    logger: slackLogger(options.log),
    ...(options.slackApiUrl && { slackApiUrl: options.slackApiUrl }),
  });
}

/** Makes a call; what it fails with gets one of our codes. */
export async function classify<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asUpstreamError(error);
  }
}

const RATE_LIMITED: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

function asUpstreamError(error: unknown): unknown {
  if (error instanceof WebAPIPlatformError) {
    const reason = error.data.error;
    // A proxy's HTML page with status 200 ends here too, with the page as its "error".
    return new UpstreamError(
      isPassingCode(reason) ? 'slack.unreachable' : 'slack.refused',
      reason.slice(0, 200),
      {
        cause: error,
      },
    );
  }
  if (error instanceof WebAPIHTTPError)
    return new UpstreamError('slack.unreachable', `status ${error.statusCode}`, { cause: error });
  if (error instanceof WebAPIRateLimitedError)
    return new UpstreamError('slack.unreachable', 'ratelimited', { cause: error });
  if (error instanceof WebAPIRequestError)
    return new UpstreamError('slack.unreachable', 'no answer', { cause: error });
  return error;
}

/** What a failed call means for the calls after it. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof UpstreamError)) return { means: 'failed' };
  if (error.cause instanceof WebAPIRateLimitedError)
    return { means: 'later', waitMs: error.cause.retryAfter * 1_000 };
  if (RATE_LIMITED.has(error.message)) return { means: 'later', waitMs: null };
  if (isTokenCode(error.message)) return { means: 'refused', code: error.message };
  return { means: 'failed' };
}
