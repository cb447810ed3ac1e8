import type { AgentModel } from 'sandboxes';
import type {
  Actor,
  ArtifactId,
  Entry,
  LiveEvent,
  SessionEvent,
  SessionId,
  SessionState,
  ThreadRef,
} from './domain/index.ts';

/** What the engine needs of the world. */

export type NewEntry = { readonly actor: Actor; readonly event: SessionEvent };

export interface EventLog {
  /** Writes the events behind `expectedSeq` (0 for a new log). Throws Conflict when the log has moved since. */
  append(sessionId: SessionId, expectedSeq: number, entries: readonly NewEntry[]): Promise<readonly Entry[]>;
  /** A page of the log in order: entries with `seq > afterSeq`, at most `limit` (up to 1,000). */
  read(
    sessionId: SessionId,
    page: { readonly afterSeq: number; readonly limit: number; readonly factsOnly?: boolean },
  ): Promise<readonly Entry[]>;
  /** 0 when there is no such log. */
  lastSeq(sessionId: SessionId): Promise<number>;
  /** Sessions with entries written at or after this moment, for catching up after a crash. */
  sessionsSince(at: string): AsyncIterable<SessionId>;
}

/** One line of the session list: a projection of the log. */
export type SessionSummary = {
  readonly sessionId: SessionId;
  /** The last entry that is in here. */
  readonly seq: number;
  readonly status: 'idle' | 'running' | 'waiting' | 'closed';
  readonly title: string;
  readonly repository: string;
  readonly branch: string;
  readonly openedBy: Actor;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly thread: ThreadRef | null;
  readonly turns: number;
  readonly runs: number;
  readonly costUsd: number;
  readonly model: string | null;
  /** How the last turn ended; null while there is none. */
  readonly lastOutcome: 'finished' | 'failed' | 'stopped' | null;
  readonly waitingFor: 'answer' | 'approval' | null;
  readonly change: {
    readonly additions: number;
    readonly deletions: number;
    readonly fileCount: number;
  } | null;
  readonly pullRequest: {
    readonly number: number;
    readonly url: string;
    readonly state: 'open' | 'merged' | 'closed';
  } | null;
};

export type SessionQuery = {
  readonly status?: SessionSummary['status'];
  readonly repository?: string;
  /** Words that the title holds. */
  readonly text?: string;
  /** As given by the page before. */
  readonly cursor?: string;
  /** At most 100. */
  readonly limit: number;
};

export type SessionPage = { readonly items: readonly SessionSummary[]; readonly next: string | null };

export interface SessionList {
  /** Brings the summary up to date with entries of one session; entries that are in it already change nothing. */
  apply(sessionId: SessionId, entries: readonly Entry[]): Promise<void>;
  get(sessionId: SessionId): Promise<SessionSummary | null>;
  inThread(thread: ThreadRef): Promise<SessionId | null>;
  withPullRequest(repository: string, number: number): Promise<SessionId | null>;
  /** Newest activity first. */
  find(query: SessionQuery): Promise<SessionPage>;
  /** Sessions that a worker should look at: not closed and something runs or waits. */
  unsettled(): AsyncIterable<SessionId>;
}

export type ArtifactMeta = {
  readonly artifactId: ArtifactId;
  readonly sessionId: SessionId;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
};

export interface ArtifactStore {
  put(meta: Omit<ArtifactMeta, 'size'>, bytes: Uint8Array): Promise<ArtifactMeta>;
  get(artifactId: ArtifactId): Promise<{ readonly meta: ArtifactMeta; readonly bytes: Uint8Array } | null>;
}

/** A doorbell: it carries nothing but a session's id. Ringing twice is harmless. */
export interface Bell {
  ring(sessionId: SessionId): void;
  /** Rings at or soon after this moment (milliseconds since the epoch). */
  ringAt(sessionId: SessionId, at: number): void;
  /** Calls the handler for a rung session, never twice at once for the same one. */
  answer(handler: (sessionId: SessionId, signal: AbortSignal) => Promise<void>): void;
  close(): Promise<void>;
}

/** `advanced` is a hint that the log has grown: who follows reads the log. */
export type FeedMessage =
  | { readonly kind: 'advanced'; readonly sessionId: SessionId; readonly seq: number }
  | { readonly kind: 'live'; readonly sessionId: SessionId; readonly live: LiveEvent };

export interface Feed {
  publish(message: FeedMessage): void;
  /** Every message, or those of one session. Answers with what ends the subscription. */
  subscribe(listener: (message: FeedMessage) => void, sessionId?: SessionId): () => void;
}

export type RepositoryInfo = {
  /** `owner/name`. */
  readonly name: string;
  readonly defaultBranch: string;
  readonly description: string;
  readonly url: string;
};

export type PullRequestInfo = {
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly draft: boolean;
  readonly head: string;
  readonly base: string;
  readonly headSha: string;
  readonly mergedBy?: string;
  readonly closedBy?: string;
};

/** Where code lives and is reviewed. Failures are UpstreamErrors with a `code_host.*` code. */
export interface CodeHost {
  readonly kind: string;
  repositories(signal?: AbortSignal): Promise<readonly RepositoryInfo[]>;
  repository(name: string, signal?: AbortSignal): Promise<RepositoryInfo | null>;
  /** How our own git (never the sandbox) reaches a repository: its URL, and the value of the Authorization header. */
  remote(
    name: string,
    signal?: AbortSignal,
  ): Promise<{ readonly url: string; readonly authorization: string }>;
  /** Idempotent by head branch: where one is open already, that one is brought up to date and returned. */
  openPullRequest(
    input: {
      readonly repository: string;
      readonly head: string;
      readonly base: string;
      readonly title: string;
      readonly body: string;
      readonly draft: boolean;
    },
    signal?: AbortSignal,
  ): Promise<PullRequestInfo>;
  pullRequest(repository: string, number: number, signal?: AbortSignal): Promise<PullRequestInfo | null>;
  /** Calls the listener at each change of a pull request until the signal aborts; reconnects and catches up by itself. */
  followPullRequests(
    listener: (pullRequest: PullRequestInfo) => void | Promise<void>,
    signal: AbortSignal,
  ): void;
}

/** The clone of each repository on the host, from which sandboxes are filled and through which their work leaves. */
export interface Mirror {
  /**
   * Writes a git bundle that holds the base branch, and our branch where the code host has it already.
   * `baseSha` is the commit from which the work on our branch is counted, `baseHead` where the base branch is now.
   */
  bundle(
    want: {
      readonly repository: string;
      readonly base: string;
      readonly branch: string;
      readonly into: string;
    },
    signal?: AbortSignal,
  ): Promise<{ readonly baseSha: string; readonly baseHead: string; readonly hasBranch: boolean }>;
  /** Pushes a branch that a bundle holds. Never forces: what somebody else pushed there is theirs. */
  push(
    work: { readonly repository: string; readonly branch: string; readonly bundle: string },
    signal?: AbortSignal,
  ): Promise<{ readonly headSha: string }>;
}

/** Small values that outlive the process: how far a projection or a follower has got. */
export interface Checkpoints {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

/** The model that runs use, as the agent in a sandbox reaches it: through our gateway, with a token that is useless elsewhere. */
export interface ModelAccess {
  /** As written in the log: `anthropic/claude-…`, `demo/scripted`. */
  readonly name: string;
  forSession(sessionId: SessionId): AgentModel;
}

export type LoadedSession = { readonly state: SessionState; readonly seq: number };
