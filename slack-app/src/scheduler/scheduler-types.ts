import type { Detail } from './detail.ts';
import type { Lane } from './next-call.ts';

/** Longer than the windows that budgets are counted in: a wait beyond it is one that Slack asked for. */
export const STEADY_MS = 6_500;

export type CallRequest = {
  /** Slack's name of it, such as `chat.update`. */
  readonly method: string;
  /** Decides the budget of posts; null for calls that are about no channel. */
  readonly channel: string | null;
  readonly lane: Lane;
  /** Parties take turns: a session's id, or a person's. */
  readonly party: string;
  /** The message that is written: of several calls that wait with one key only the newest is sent. */
  readonly key?: string;
  /** Hears, in the same breath, that it leaves and nothing takes its place any more, and that it waits again after all. */
  readonly onWire?: (isOnWire: boolean) => void;
  /** Milliseconds since the epoch after which it is of no use and is not sent. */
  readonly expiresAt?: number;
};

/** What became of a call. It was not sent because a newer one took its place, its time was over, or we are closing. */
export type Outcome<T> =
  | { readonly sent: true; readonly value: T }
  | { readonly sent: false; readonly why: 'replaced' | 'expired' | 'closed' };

/** What a failed call means for others. */
export type Verdict =
  /** Nothing was done; the bucket is closed for so long, or for as long as we think right when Slack did not say. */
  | { readonly means: 'later'; readonly waitMs: number | null }
  /** Slack does not know us: no call will work. */
  | { readonly means: 'refused'; readonly code: string }
  | { readonly means: 'failed' };

export type SchedulerFigures = {
  readonly sent: number;
  readonly coalesced: number;
  readonly rateLimited: number;
  readonly mode: Detail;
  readonly budgets: readonly {
    readonly method: string;
    readonly available: number;
    readonly capacity: number;
    readonly waiting: number;
  }[];
};
