import type {
  Actor,
  Change,
  Entry,
  FactOf,
  FailureCode,
  QuestionId,
  RunId,
  Todo,
  Trace,
  TurnId,
} from 'orchestrator/domain';
import type { Setback } from '../session/work.ts';

type Placed = {
  /** Unique in a timeline and stable while it grows. */
  readonly key: string;
  readonly seq: number;
  readonly at: string;
};

type RunStep = Extract<Trace, { type: 'run.progressed' }>['step'];

export type TurnItem = Omit<Placed, 'at'> & {
  readonly kind: 'turn';
  /** Null when it was requested before the part of the log that is loaded. */
  readonly at: string | null;
  readonly turnId: TurnId;
  readonly text: string;
  /** Its text is not the one that it was requested with. */
  readonly edited: boolean;
  readonly by: Actor;
  readonly state:
    | 'queued'
    | 'held'
    | 'running'
    | 'stopping'
    | 'retrying'
    | 'finished'
    | 'failed'
    | 'stopped'
    | 'cancelled';
  /** Which try goes on or was the last; 0 before the first. */
  readonly attempt: number;
  /** Who cancelled or stopped it; null for nobody: also when it is over because its message was deleted. */
  readonly endedBy: Actor | null;
};

export type RunItem = Placed & {
  readonly kind: 'run';
  readonly runId: RunId;
  readonly attempt: number;
  readonly model: string;
  readonly place: Pick<FactOf<'run.prepared'>, 'provider' | 'isolation' | 'resumed'> | null;
};

export type ToolItem = Placed & {
  readonly kind: 'tool';
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  /** The arguments as JSON, perhaps cut. */
  readonly input: string;
  /** Null while it runs. */
  readonly result: Pick<
    Extract<Trace, { type: 'agent.tool_finished' }>,
    'ok' | 'output' | 'full' | 'exitCode' | 'diff' | 'durationMs'
  > | null;
  /** Its run is over and it never finished. */
  readonly cutOff: boolean;
};

export type StepsItem = Placed & {
  readonly kind: 'steps';
  readonly steps: readonly { readonly step: RunStep; readonly at: string; readonly endedAt: string | null }[];
};

export type QuestionItem = Placed & {
  readonly kind: 'question';
  readonly questionId: QuestionId;
  readonly questions: FactOf<'question.asked'>['questions'];
  readonly expiresAt: string;
  readonly answer:
    | { readonly state: 'open' }
    | { readonly state: 'answered'; readonly answers: readonly (readonly string[])[]; readonly by: Actor }
    | { readonly state: 'over' };
};

export type ApprovalItem = Placed & {
  readonly kind: 'approval';
  readonly approvalId: string;
  readonly action: string;
  readonly subject: string;
  readonly decision: { readonly state: 'open' | 'granted' | 'denied' | 'expired'; readonly by: Actor | null };
};

export type OutcomeItem = Placed & {
  readonly kind: 'outcome';
  readonly end: FactOf<'run.finished'> | FactOf<'run.failed'> | FactOf<'run.stopped'>;
  readonly by: Actor;
  readonly costUsd: number;
  /** Null when the run began before the part of the log that is loaded. */
  readonly durationMs: number | null;
  readonly attempt: number | null;
  readonly turnId: TurnId | null;
  readonly change: Change | null;
  /** The commit at which work on the turn began; null when it is not known. */
  readonly startSha: string | null;
  /** The tries before this one. */
  readonly setbacks: readonly Setback[];
  /** Where taking back the work stands; null when nobody asked for it. */
  readonly discard: Discard | null;
};

type Discard = {
  readonly state: 'asked' | 'done' | 'failed';
  /** Who asked for it. */
  readonly by: Actor;
  readonly code: FailureCode | null;
};

export type PullRequestItem = Placed & {
  readonly kind: 'pull_request';
  readonly event: Extract<Entry['event'], { type: `pull_request.${string}` }>;
  readonly by: Actor;
};

export type TimelineItem =
  | TurnItem
  | RunItem
  | ToolItem
  | StepsItem
  | QuestionItem
  | ApprovalItem
  | OutcomeItem
  | PullRequestItem
  | (Placed & { readonly kind: 'said' | 'thought'; readonly text: string; readonly live: boolean })
  | (Placed & { readonly kind: 'plan'; readonly todos: readonly Todo[] })
  | (Placed & {
      readonly kind: 'waited';
      readonly attempt: number;
      readonly reason: string;
      readonly until: string;
    })
  | (Placed & { readonly kind: 'check'; readonly check: FactOf<'check.finished'> })
  | (Placed & { readonly kind: 'artifact'; readonly artifact: FactOf<'artifact.added'> })
  | (Placed & { readonly kind: 'note'; readonly text: string; readonly by: Actor });
