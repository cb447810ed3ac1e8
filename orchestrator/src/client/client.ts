import type {
  Actor,
  Again,
  ArtifactId,
  Command,
  Entry,
  LiveEvent,
  Refused,
  SessionId,
  SessionState,
  ThreadRef,
  Trigger,
  TurnId,
} from '../domain/index.ts';
import type { ArtifactMeta, RepositoryInfo, SessionPage, SessionQuery, SessionSummary } from '../ports.ts';

export type { ArtifactMeta, RepositoryInfo, SessionPage, SessionQuery, SessionSummary } from '../ports.ts';
export type { Delivery, DeliveryHealth, SlotDelivery } from './delivery.ts';

export type TurnRequest = {
  /** The same key requests the same turn. */
  readonly key: string;
  readonly text: string;
  readonly message?: { readonly channel: string; readonly ts: string };
};

/** What opens a session, with its first turn. */
export type OpenSessionRequest = TurnRequest & {
  /** The same key means the same session, such as all that is written in one thread. */
  readonly sessionKey: string;
  readonly trigger: Trigger;
};

export type AskAgainRequest = {
  /** The turn that is meant: the one that settled last. */
  readonly turnId: TurnId;
  readonly why: Again['why'];
  /** One for each press: the same press, delivered again, asks once. */
  readonly key: string;
};

export type AmendTurnRequest = {
  readonly turnId: TurnId;
  /** What is wanted now, without the thread that was quoted above the request. */
  readonly request: string;
};

/** A command of a surface, but for those that the client makes of more than the surface knows. */
export type SurfaceCommand = Exclude<Command, { type: 'open_session' | 'request_turn' | 'amend_turn' }>;

export type Followed =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'live'; readonly live: LiveEvent };

/** The one way in for the surfaces: Slack, the console, and what starts sessions by itself. */
export interface Deckhand {
  /** Where the session is open already, because another request was quicker, this one is a turn of it. */
  openSession(
    request: OpenSessionRequest,
    actor: Actor,
  ): Promise<{ readonly sessionId: SessionId; readonly turnId: TurnId } | Refused>;
  requestTurn(
    sessionId: SessionId,
    request: TurnRequest,
    actor: Actor,
  ): Promise<{ readonly turnId: TurnId } | Refused>;
  /** Asks for a turn once more, in the words in which it was asked for last. */
  askAgain(
    sessionId: SessionId,
    request: AskAgainRequest,
    actor: Actor,
  ): Promise<{ readonly turnId: TurnId } | Refused>;
  /** Puts a turn in other words, below the same thread, until the agent is told of it. */
  amendTurn(
    sessionId: SessionId,
    request: AmendTurnRequest,
    actor: Actor,
  ): Promise<{ readonly seq: number } | Refused>;
  /** Resolves with the seq after the command, or with why it may not be. */
  send(
    sessionId: SessionId,
    command: SurfaceCommand,
    actor: Actor,
  ): Promise<{ readonly seq: number } | Refused>;
  session(
    sessionId: SessionId,
  ): Promise<{ readonly state: SessionState; readonly seq: number; readonly summary: SessionSummary } | null>;
  sessionInThread(thread: ThreadRef): Promise<SessionId | null>;
  sessions(query: SessionQuery): Promise<SessionPage>;
  /** A page of the log: entries with `seq > afterSeq` in order, at most `limit` (up to 1,000). */
  log(
    sessionId: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly Entry[]>;
  /** The log from `afterSeq` on and then as it grows, with live progress in between. Ends when the signal aborts. */
  follow(
    sessionId: SessionId,
    options: { readonly afterSeq: number; readonly signal: AbortSignal },
  ): AsyncIterable<Followed>;
  /** Calls the listener whenever any session's log has grown. Answers with what ends it. */
  onAdvance(listener: (advance: { readonly sessionId: SessionId; readonly seq: number }) => void): () => void;
  artifact(
    artifactId: ArtifactId,
  ): Promise<{ readonly meta: ArtifactMeta; readonly bytes: Uint8Array } | null>;
  repositories(): Promise<readonly RepositoryInfo[]>;
}
