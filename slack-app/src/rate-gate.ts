import type { Clock } from 'orchestrator/platform/clock';

export type Method = 'post' | 'update' | 'upload';

/** What Slack told us to wait, for all threads alike: its limits are per method and workspace. */
export interface RateGate {
  /** When the method may be called again, in milliseconds since the epoch; 0 for now. */
  opensAt(method: Method): number;
  close(method: Method, forMs: number): void;
}

export function createRateGate(clock: Clock): RateGate {
  const until = new Map<Method, number>();
  return {
    opensAt: (method) => until.get(method) ?? 0,
    close: (method, forMs) => {
      until.set(method, Math.max(until.get(method) ?? 0, clock.now() + forMs));
    },
  };
}
