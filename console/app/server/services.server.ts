import type { Deckhand } from 'orchestrator/client';
import type { Actor, ThreadRef } from 'orchestrator/domain';
import type { LateDelivery } from '../../server/late-delivery.ts';

/** The part of a pino logger that the console uses. */
export type Logger = Readonly<
  Record<
    'debug' | 'info' | 'warn' | 'error',
    (fields: Readonly<Record<string, unknown>>, message: string) => void
  >
>;

/** Where the console points to, outside of itself. */
export type ConsoleLinks = {
  /** The address of a thread, for a person. */
  readonly slackThread?: (thread: ThreadRef) => string;
  readonly slack?: string;
  readonly codeHost?: string;
};

/** What loaders and actions are handed with each request. */
export type ConsoleServices = {
  readonly deckhand: Deckhand;
  readonly delivery: LateDelivery;
  readonly log: Logger;
  readonly links: ConsoleLinks;
  readonly demoModel: boolean;
  readonly localSlack: boolean;
  /** Exchanges the token of a sign-in link for the cookie of a member; null when the token is worth nothing. */
  readonly redeemSignIn: (token: string) => Promise<string | null>;
  /** Who asks; null on the sign-in page only. */
  readonly member: Actor | null;
  readonly nonce: string;
  /** Aborts when the console closes, so that streams end. */
  readonly closing: AbortSignal;
};

declare module '@remix-run/node' {
  interface AppLoadContext extends ConsoleServices {}
  interface Future {
    v3_singleFetch: true;
  }
}
