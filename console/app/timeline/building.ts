import type { Entry, RunId } from 'orchestrator/domain';
import { NO_WORK, type Work } from '../session/work.ts';
import type {
  ApprovalItem,
  OutcomeItem,
  QuestionItem,
  RunItem,
  TimelineItem,
  ToolItem,
  TurnItem,
} from './items.ts';

export type Draft<Item> = { -readonly [Key in keyof Item]: Item[Key] };
type At = { readonly key: string; readonly seq: number; readonly at: string };

/** The timeline while it is built: items that later entries still change are found by their ids. */
export type Building = {
  readonly items: TimelineItem[];
  readonly turns: Map<string, Draft<TurnItem>>;
  readonly runs: Map<RunId, BuiltRun>;
  readonly tools: Map<string, Draft<ToolItem>>;
  readonly questions: Map<string, Draft<QuestionItem>>;
  readonly approvals: Map<string, Draft<ApprovalItem>>;
  /** Ends of runs, the latest last. */
  readonly outcomes: Draft<OutcomeItem>[];
  /** Turns that have not begun, the next one first; those that are held among them. */
  readonly queued: Draft<TurnItem>[];
  /** What the page tells of it elsewhere, up to the entry before. */
  work: Work;
};

type BuiltRun = {
  readonly item: Draft<RunItem>;
  readonly turnId: TurnItem['turnId'];
  startSha: string | null;
  costUsd: number;
  /** A run that has failed can still be stopped, while its turn waits for the next try. */
  ended: boolean;
};

export function emptyBuilding(): Building {
  return {
    items: [],
    turns: new Map(),
    runs: new Map(),
    tools: new Map(),
    questions: new Map(),
    approvals: new Map(),
    outcomes: [],
    queued: [],
    work: NO_WORK,
  };
}

export function place(entry: Entry): At {
  return { key: String(entry.seq), seq: entry.seq, at: entry.at };
}
