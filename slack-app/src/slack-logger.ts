import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'orchestrator/platform/log';

/** Slack's libraries log into ours. Their words for a person are kept as a field; a level below info is cut. */
export function slackLogger(log: Logger): SlackLogger {
  const words = (parts: unknown[]) => ({ said: parts.map(String).join(' ').slice(0, 500) });
  return {
    debug: () => undefined,
    info: (...parts: unknown[]) => log.debug(words(parts), 'slack library said'),
    warn: (...parts: unknown[]) => log.warn(words(parts), 'slack library warned'),
    error: (...parts: unknown[]) => log.warn(words(parts), 'slack library reported an error'),
    setLevel: () => undefined,
    // At debug the libraries would build a text of every message that passes.
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
