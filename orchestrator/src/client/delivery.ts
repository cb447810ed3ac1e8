import type { SessionId } from '../domain/index.ts';

/**
 * How a surface stands with what it should show: implemented by slack-app, read by the console. Handed from one to the
 * other by the composition root.
 */
export type SlotDelivery = {
  /** `turn/<id>/card`, `turn/<id>/final`, `question/<id>`, … */
  readonly slot: string;
  readonly state: 'waiting' | 'sent' | 'stuck';
  /** What the message should say, as its plain-text fallback. */
  readonly wanted: string;
  /** What Slack has, as far as we know; null before the first post. */
  readonly sent: string | null;
  readonly channel: string;
  readonly ts: string | null;
  /** Of the last successful call; null before it. */
  readonly sentAt: string | null;
  readonly tries: number;
  /** Slack's error code of the last try that failed, and the sentence that says what can be done. */
  readonly problem: { readonly code: string; readonly sentence: string; readonly at: string } | null;
};

export type DeliveryHealth = {
  readonly connection: {
    readonly sockets: number;
    readonly state: 'connected' | 'connecting' | 'refused';
    /** Since when, and why, where it is not connected. */
    readonly since: string;
    readonly problem: string | null;
  };
  readonly writes: {
    readonly queued: number;
    readonly sent: number;
    /** Edits that a newer one replaced before they were sent. */
    readonly coalesced: number;
    /** Times that Slack said to come later. */
    readonly rateLimited: number;
    /** Milliseconds; null when no final waits. */
    readonly oldestFinalMs: number | null;
    readonly mode: 'live' | 'milestones' | 'silent';
    /** Per method: what may be called at once, of how much, and how many calls wait. */
    readonly budgets: readonly {
      readonly method: string;
      readonly available: number;
      readonly capacity: number;
      readonly waiting: number;
    }[];
  };
  /** All of them. */
  readonly stuckCount: number;
  /** Some of them, at most 100. */
  readonly stuck: readonly {
    readonly sessionId: SessionId;
    readonly slot: string;
    readonly code: string;
    readonly at: string;
  }[];
};

export interface Delivery {
  /** Every slot of a session's thread; at most 500. */
  slots(sessionId: SessionId): Promise<readonly SlotDelivery[]>;
  /** Tries a stuck slot again at once. False when there is no such slot. */
  retry(sessionId: SessionId, slot: string): Promise<boolean>;
  /** Forgets what was sent and makes the thread anew from its log; messages that Slack still has are found and edited. */
  rebuild(sessionId: SessionId): Promise<void>;
  /** The same for every thread, one after the other within Slack's limits. Resolves with how many there are. */
  rebuildAll(): Promise<number>;
  health(): Promise<DeliveryHealth>;
  /** Calls the listener when the figures have changed, at most once a second. Answers with what ends it. */
  onChange(listener: () => void): () => void;
}
