import { UpstreamError } from 'orchestrator/domain';
import type { ListenerDeps } from './listener-deps.ts';

export type Listener = {
  readonly channel: string;
  readonly user: string;
  /** Null: in the channel, because a thread that nobody has answered in is not open in front of anybody. */
  readonly threadTs: string | null;
};

/**
 * Tells one person a sentence. A place where it cannot be said is only logged; a failure that may pass is thrown, so that
 * whoever waits for the sentence gets it when the delivery is worked on again.
 */
export async function whisper(
  { slack, log }: Pick<ListenerDeps, 'slack' | 'log'>,
  to: Listener,
  text: string,
): Promise<void> {
  try {
    await slack.whisper(to, text);
  } catch (err) {
    if (!(err instanceof UpstreamError) || err.retryable) throw err;
    log.warn({ err, channel: to.channel }, 'sentence could not be whispered');
  }
}
