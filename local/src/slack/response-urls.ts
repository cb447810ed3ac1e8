import type { Clock } from './clock.ts';
import { SlackError } from './errors.ts';
import { newSecret } from './ids.ts';

/** Slack: five uses within thirty minutes. */
const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;
const KEPT = 1000;

export type ResponseTarget = {
  readonly channel: string;
  readonly user: string;
  /** The message whose button was pressed; null after a slash command or shortcut. */
  readonly messageTs: string | null;
  readonly threadTs: string | null;
};

export type ResponseUrls = ReturnType<typeof createResponseUrls>;

/** The addresses by which an app answers an interaction without a token. */
export function createResponseUrls(clock: Clock) {
  const targets = new Map<string, ResponseTarget & { uses: number; issuedAt: number }>();
  return {
    /** Returns the path on this origin. */
    issue(target: ResponseTarget): string {
      const key = newSecret();
      targets.set(key, { ...target, uses: 0, issuedAt: clock.now() });
      const oldest = targets.keys().next().value;
      if (targets.size > KEPT && oldest !== undefined) targets.delete(oldest);
      return `/response/${key}`;
    },
    /** Throws used_url or expired_url. */
    use(path: string): ResponseTarget {
      const target = targets.get(path.slice('/response/'.length));
      if (!target || clock.now() - target.issuedAt > LIFETIME_MS) throw new SlackError('expired_url');
      if (target.uses >= MAX_USES) throw new SlackError('used_url');
      target.uses += 1;
      return target;
    },
  };
}
