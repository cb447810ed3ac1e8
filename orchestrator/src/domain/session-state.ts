import type { Actor } from './actor.ts';
import type { Again } from './again.ts';
import type { Change, FactOf } from './events.ts';
import type { FailureCode } from './failures.ts';
import type { QuestionId, RunId, TurnId } from './ids.ts';
import type { Trigger } from './triggers.ts';

export type Turn = {
  readonly turnId: TurnId;
  readonly text: string;
  readonly requestedBy: Actor;
  readonly message: { readonly channel: string; readonly ts: string } | null;
  /** The turn that it asks for once more; null when it asks for something of its own. */
  readonly again: Again | null;
};

/** The sandbox and conversation of the last run that got as far as having them. */
type Place = {
  readonly sandboxId: string;
  readonly provider: string;
  readonly isolation: string;
  readonly agentSessionId: string;
  readonly baseSha: string;
};

export type PullRequest = {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly headSha: string;
  readonly draft: boolean;
};

type Publishing = {
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly requestedBy: Actor;
};

type OpenQuestion = Pick<FactOf<'question.asked'>, 'questionId' | 'questions' | 'expiresAt'>;
type OpenApproval = Pick<FactOf<'approval.requested'>, 'approvalId' | 'action' | 'subject' | 'expiresAt'>;

/** What is true in every state of a session that exists. */
export type SessionFacts = {
  readonly trigger: Trigger;
  readonly repository: string;
  readonly baseBranch: string;
  readonly branch: string;
  readonly title: string;
  readonly openedBy: Actor;
  /** Turns that wait, oldest first; without the one that runs. */
  readonly queue: readonly Turn[];
  /** Turns that waited when somebody stopped the work: nobody has said yet whether to go on with them. */
  readonly held: readonly Turn[];
  /** Every turn that was ever requested: a redelivered message asks for nothing twice. */
  readonly knownTurns: readonly TurnId[];
  /** The turn whose work ended last; one that was cancelled had none. */
  readonly lastSettled: TurnId | null;
  readonly place: Place | null;
  /** The work so far, as of the last run that said. */
  readonly change: Change | null;
  readonly pullRequest: PullRequest | null;
  readonly publishing: Publishing | null;
  /** The head that could not be published, or that a stopped run left: it is not published by itself. */
  readonly unpublishable: string | null;
  /** The turn that was stopped last, while nothing has run since, and the commit that it began at. */
  readonly discardable: { readonly turnId: TurnId; readonly startSha: string } | null;
  /** The work of `discardable` is to be taken back. */
  readonly discarding: boolean;
};

export type Idle = SessionFacts & { readonly status: 'idle' };
export type Running = SessionFacts & {
  readonly status: 'running';
  readonly turn: Turn;
  readonly runId: RunId;
  readonly attempt: number;
  /** A run of the turn was prepared: the agent knows what was asked for. */
  readonly isTold: boolean;
  /** The commit that was checked out when the turn began; null before that, and in logs of older releases. */
  readonly startSha: string | null;
  readonly stopRequestedBy: Actor | null;
  readonly question: OpenQuestion | null;
  /** Every question of this run. */
  readonly askedQuestions: readonly QuestionId[];
  readonly approvals: readonly OpenApproval[];
};
/** A run has failed for a passing reason; the turn is tried again at `retryAt`. */
export type Waiting = SessionFacts & {
  readonly status: 'waiting';
  readonly turn: Turn;
  readonly runId: RunId;
  readonly attempt: number;
  readonly isTold: boolean;
  readonly startSha: string | null;
  readonly retryAt: string;
  readonly code: FailureCode;
};
export type Closed = SessionFacts & { readonly status: 'closed' };
/** No entry has been written yet. */
type Unopened = { readonly status: 'unopened' };

export type OpenSession = Idle | Running | Waiting | Closed;
export type SessionState = Unopened | OpenSession;

export const UNOPENED: SessionState = { status: 'unopened' };
