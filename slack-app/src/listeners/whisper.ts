import { UpstreamError } from 'orchestrator/domain';
import type { ListenerDeps } from './listener-deps.ts';

export type Listener = {
  readonly channel: string;
  readonly user: string;
  /** Null: in the channel, because a thread that nobody has answered in is not open in front of anybody. */
  readonly threadTs: string | null;
};

/** Tells one person a sentence. It is a courtesy: a place where it cannot be said is only logged. */
export async function whisper(
  { slack, log }: Pick<ListenerDeps, 'slack' | 'log'>,
  to: Listener,
  text: string,
): Promise<void> {
  try {
    await slack.whisper(to, text);
  } catch (err) {
    if (!(err instanceof UpstreamError)) throw err;
    log.warn({ err, channel: to.channel }, 'sentence could not be whispered');
  }
}
