import type { Clock } from 'orchestrator/platform/clock';
import type { Logger } from 'orchestrator/platform/log';

export type TokenWatchDeps = {
  readonly clock: Clock;
  readonly log: Logger;
  /** Asks Slack whether our token is good; rejects when it is not. Not scheduled: it is what wakes the scheduler. */
  readonly probe: () => Promise<unknown>;
  /** Between two probes while Slack refuses our token, in milliseconds; a minute. */
  readonly probeEveryMs: number;
};

export type Refusal = {
  /** Slack's word. */
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
};

/** Whether Slack takes our token. While it does not, no call is sent but one probe from time to time. */
export interface TokenWatch {
  refusal(): Refusal | null;
  /** Slack refused a call for our token, with this word. */
  refused(code: string, err: unknown): void;
  /** When to probe next, in milliseconds since the epoch; null while the token is good. */
  probeAt(): number | null;
  /** Probes when it is time. Answers whether the token is good again. */
  probe(): Promise<boolean>;
}

export function createTokenWatch({ clock, log, probe, probeEveryMs }: TokenWatchDeps): TokenWatch {
  let refusal: (Refusal & { probeAt: number }) | null = null;
  return {
    refusal: () => refusal && { code: refusal.code, since: refusal.since },
    refused: (code, err) => {
      if (refusal !== null) return;
      log.error({ err, code }, 'slack refuses the token; everything waits');
      refusal = { code, since: clock.now(), probeAt: clock.now() + probeEveryMs };
    },
    probeAt: () => refusal?.probeAt ?? null,
    probe: async () => {
      if (refusal === null || clock.now() < refusal.probeAt) return false;
      refusal.probeAt = clock.now() + probeEveryMs;
      try {
        await probe();
      } catch (err) {
        log.warn({ err }, 'slack could not be asked about the token, or still refuses it');
        return false;
      }
      refusal = null;
      log.info('slack takes the token again');
      return true;
    },
  };
}
