import type {
  Actor,
  Again,
  ArtifactId,
  Change,
  FactOf,
  FailureCode,
  QuestionId,
  RunId,
  SessionId,
  ThreadRef,
  Todo,
  TurnId,
} from 'orchestrator/domain';

/** Steps of ours on the way, as `run.progressed` names them. */
export type Step = 'sandbox' | 'clone' | 'agent' | 'work' | 'checks' | 'save';

export type Check = {
  readonly command: string;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly output: string;
};

type TurnStatus = 'queued' | 'held' | 'running' | 'waiting' | 'finished' | 'failed' | 'stopped' | 'cancelled';

/** One turn as its thread shows it. Times are milliseconds since the epoch. */
export type TurnView = {
  readonly turnId: TurnId;
  readonly status: TurnStatus;
  /** The request without the thread that came before it. */
  readonly request: string;
  readonly requestedBy: Actor;
  /** The turn that it asks for once more; null when it asks for something of its own. */
  readonly again: Again | null;
  /** Slack's id of the message that asked; null when it was none. */
  readonly messageTs: string | null;
  readonly startedAt: number | null;
  readonly settledAt: number | null;
  readonly runId: RunId | null;
  /** 1 for the first try, 0 while it waits for its turn. */
  readonly attempt: number;
  readonly model: string | null;
  readonly step: Step | null;
  readonly todos: readonly Todo[];
  /** Tool calls so far, over all tries. */
  readonly steps: number;
  /** The tool call that runs now. */
  readonly doing: { readonly tool: string; readonly title: string } | null;
  readonly costUsd: number;
  /** Why each try before failed. */
  readonly setbacks: readonly FailureCode[];
  /** Why the last try failed, while there was one. */
  readonly failure: { readonly code: FailureCode; readonly retryAt: number | null } | null;
  readonly stopRequestedBy: Actor | null;
  /** Who stopped or cancelled it; null for nobody: also when it is over because its message was deleted. */
  readonly endedBy: Actor | null;
  readonly summary: string;
  readonly change: Change | null;
  readonly checks: readonly Check[];
  /** The commit that the turn began at; null before that and in logs of older releases. */
  readonly startSha: string | null;
  /** Where taking back its work stands; null when nobody asked for it. */
  readonly discard: {
    readonly state: 'asked' | 'done' | 'failed';
    readonly by: Actor;
    readonly code: FailureCode | null;
  } | null;
};

/** Follow-ups that waited when somebody stopped the work. */
export type HoldView = {
  /** Its name in this thread, which never changes: messages are found again by it, also after an update. */
  readonly key: string;
  readonly turnIds: readonly TurnId[];
  /** Who stopped it. */
  readonly by: Actor;
  /** Who said to go on with them; null when nobody did. */
  readonly releasedBy: Actor | null;
};

export type QuestionView = {
  readonly questionId: QuestionId;
  readonly runId: RunId;
  readonly turnId: TurnId | null;
  readonly askedAt: number;
  readonly expiresAt: number;
  readonly questions: FactOf<'question.asked'>['questions'];
  readonly state: 'open' | 'answered' | 'expired' | 'dropped';
  readonly answeredBy: Actor | null;
  /** Slack's id of the message that answered; null when it was none. */
  readonly answerTs: string | null;
  readonly answers: readonly (readonly string[])[];
};

type EvidenceView = { readonly artifactId: ArtifactId; readonly name: string };

export type PullRequestView = {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly headSha: string;
  readonly draft: boolean;
  readonly state: 'open' | 'merged' | 'closed';
  /** Who merged or closed it. */
  readonly by: string | null;
  readonly updates: number;
};

/** All that a thread shows of its session. Plain data: it can be stored and read again. */
export type ThreadState = {
  readonly sessionId: SessionId;
  /** The last entry that is in here; 0 for none. */
  readonly seq: number;
  readonly thread: ThreadRef | null;
  /** Milliseconds since the epoch; 0 before the first entry. */
  readonly openedAt: number;
  readonly repository: string;
  readonly branch: string;
  readonly title: string;
  /** In the order in which they were requested. */
  readonly turns: readonly TurnView[];
  /** The turn whose work ended last; one that was cancelled had none. */
  readonly lastSettled: TurnId | null;
  readonly holds: readonly HoldView[];
  readonly questions: readonly QuestionView[];
  readonly evidence: readonly EvidenceView[];
  readonly pullRequests: readonly PullRequestView[];
  /** A pull request is being made. */
  readonly publishing: boolean;
  readonly publishFailure: FailureCode | null;
};

export function emptyThread(sessionId: SessionId): ThreadState {
  return {
    sessionId,
    seq: 0,
    thread: null,
    openedAt: 0,
    repository: '',
    branch: '',
    title: '',
    turns: [],
    lastSettled: null,
    holds: [],
    questions: [],
    evidence: [],
    pullRequests: [],
    publishing: false,
    publishFailure: null,
  };
}

export function isSettled(turn: TurnView): boolean {
  return turn.settledAt !== null;
}

/** Whether a turn that asks for this one once more runs or waits. */
export function isAskedAgain({ turns }: Pick<ThreadState, 'turns'>, { turnId }: TurnView): boolean {
  return turns.some((other) => other.again?.of === turnId && !isSettled(other));
}

/** The turns of a hold that wait for a decision about it: those that were let go and held again wait for another one. */
export function stillHeld({ turns, holds }: ThreadState, hold: HoldView): readonly TurnView[] {
  return turns.filter(
    ({ turnId, status }) =>
      status === 'held' && holds.findLast(({ turnIds }) => turnIds.includes(turnId)) === hold,
  );
}

/** Whether nothing is under way that could change the thread by itself. */
export function isQuiet(state: ThreadState): boolean {
  const isResting = (turn: TurnView) =>
    turn.status === 'held' || (isSettled(turn) && turn.discard?.state !== 'asked');
  return state.turns.every(isResting) && !state.publishing;
}
