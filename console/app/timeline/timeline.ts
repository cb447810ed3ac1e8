import type { Entry, Fact, RunId, Trace } from 'orchestrator/domain';
import { FAILURES, isFact } from 'orchestrator/domain';
import type {
  ApprovalItem,
  OutcomeItem,
  QuestionItem,
  RunItem,
  StepsItem,
  TimelineItem,
  ToolItem,
  TurnItem,
} from './items.ts';
import { withRelativePaths } from './workspace-paths.ts';

type Draft<Item> = { -readonly [Key in keyof Item]: Item[Key] };
type At = { readonly key: string; readonly seq: number; readonly at: string };

/** The timeline while it is built: items that later entries still change are found by their ids. */
type Building = {
  readonly items: TimelineItem[];
  readonly turns: Map<string, Draft<TurnItem>>;
  readonly runs: Map<string, { readonly item: Draft<RunItem>; costUsd: number; readonly turnId: string }>;
  readonly tools: Map<string, Draft<ToolItem>>;
  readonly questions: Map<string, Draft<QuestionItem>>;
  readonly approvals: Map<string, Draft<ApprovalItem>>;
  /** Turns that have been requested while another one ran, and have not begun. */
  readonly queued: Draft<TurnItem>[];
  runGoesOn: RunId | null;
};

/**
 * The entries as a person reads them: turns, the runs inside, and what the agent did. A call and its result become one
 * item, a turn that had to wait stands where its work begins. `entries` may begin anywhere in a log.
 */
export function timelineOf(entries: readonly Entry[]): readonly TimelineItem[] {
  const building: Building = {
    items: [],
    turns: new Map(),
    runs: new Map(),
    tools: new Map(),
    questions: new Map(),
    approvals: new Map(),
    queued: [],
    runGoesOn: null,
  };
  for (const entry of entries) {
    const event = withRelativePaths(entry.event);
    if (isFact(event)) addFact(building, entry, event);
    else addTrace(building, entry, event);
  }
  return [...building.items, ...building.queued];
}

function place(entry: Entry): At {
  return { key: String(entry.seq), seq: entry.seq, at: entry.at };
}

function addFact(building: Building, entry: Entry, event: Fact): void {
  const { items } = building;
  switch (event.type) {
    case 'session.opened':
      return;
    case 'session.closed':
      items.push({ ...place(entry), kind: 'note', text: `Session closed: ${event.reason}`, by: entry.actor });
      return;
    case 'session.reopened':
      items.push({ ...place(entry), kind: 'note', text: 'Session reopened', by: entry.actor });
      return;
    case 'turn.requested':
    case 'turn.cancelled':
      addTurn(building, entry, event);
      return;
    case 'queue.held':
    case 'queue.released':
    case 'work.discard_requested':
    case 'work.discarded':
    case 'work.discard_failed':
      items.push({ ...place(entry), kind: 'note', text: noteText(event), by: entry.actor });
      return;
    case 'run.started':
    case 'run.prepared':
    case 'run.stop_requested':
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
      addRun(building, entry, event);
      return;
    case 'check.finished':
      items.push({ ...place(entry), kind: 'check', check: event });
      return;
    case 'artifact.added':
      items.push({ ...place(entry), kind: 'artifact', artifact: event });
      return;
    case 'question.asked':
    case 'question.answered':
    case 'question.expired':
      addQuestion(building, entry, event);
      return;
    case 'approval.requested':
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
      addApproval(building, entry, event);
      return;
    case 'pull_request.requested':
    case 'pull_request.opened':
    case 'pull_request.updated':
    case 'pull_request.failed':
    case 'pull_request.merged':
    case 'pull_request.closed':
    case 'pull_request.reopened':
      items.push({ ...place(entry), kind: 'pull_request', event, by: entry.actor });
      return;
  }
}

type Noted = Extract<Fact, { type: `queue.${string}` | `work.${string}` }>;

function noteText(event: Noted): string {
  switch (event.type) {
    case 'queue.held':
      return `Held until somebody decides: ${followUps(event.turnIds.length)}`;
    case 'queue.released':
      return `In line again: ${followUps(event.turnIds.length)}`;
    case 'work.discard_requested':
      return 'Discard of the stopped work asked for';
    case 'work.discarded':
      return 'Stopped work discarded';
    case 'work.discard_failed':
      return `Stopped work not discarded: ${FAILURES[event.code].sentence}`;
  }
}

function followUps(number: number): string {
  return `${number} follow-up${number === 1 ? '' : 's'}`;
}

function addTurn(building: Building, entry: Entry, event: Extract<Fact, { type: `turn.${string}` }>): void {
  if (event.type === 'turn.cancelled') {
    const turn = building.turns.get(event.turnId);
    if (turn) turn.state = 'cancelled';
    return;
  }
  const turn: Draft<TurnItem> = {
    ...place(entry),
    kind: 'turn',
    turnId: event.turnId,
    text: event.text,
    by: entry.actor,
    state: 'queued',
  };
  building.turns.set(event.turnId, turn);
  if (building.runGoesOn === null && building.queued.length === 0) building.items.push(turn);
  else building.queued.push(turn);
}

type RunFact = Extract<Fact, { type: `run.${string}` }>;

function addRun(building: Building, entry: Entry, event: RunFact): void {
  switch (event.type) {
    case 'run.started':
      startRun(building, entry, event);
      return;
    case 'run.prepared': {
      const run = building.runs.get(event.runId);
      const { provider, isolation, resumed } = event;
      if (run) run.item.place = { provider, isolation, resumed };
      return;
    }
    case 'run.stop_requested':
      building.items.push({ ...place(entry), kind: 'note', text: 'Stop requested', by: entry.actor });
      return;
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
      endRun(building, entry, event);
      return;
  }
}

function startRun(building: Building, entry: Entry, event: Extract<Fact, { type: 'run.started' }>): void {
  building.runGoesOn = event.runId;
  const turn = building.turns.get(event.turnId);
  const waited = turn ? building.queued.indexOf(turn) : -1;
  if (turn && waited >= 0) building.items.push(...building.queued.splice(waited, 1));
  if (turn) turn.state = 'running';
  const { runId, attempt, model, turnId } = event;
  const item: Draft<RunItem> = { ...place(entry), kind: 'run', runId, attempt, model, place: null };
  building.runs.set(runId, { item, costUsd: 0, turnId });
  building.items.push(item);
}

function endRun(building: Building, entry: Entry, end: OutcomeItem['end']): void {
  building.runGoesOn = null;
  endSteps(building, entry.at);
  for (const tool of building.tools.values()) if (tool.result === null) tool.cutOff = true;
  const run = building.runs.get(end.runId);
  const turn = run && building.turns.get(run.turnId);
  if (turn) turn.state = turnStateAfter(end);
  building.items.push({
    ...place(entry),
    kind: 'outcome',
    end,
    // Who asked for a stop, not the engine that confirmed it.
    by: end.type === 'run.stopped' && end.by ? end.by : entry.actor,
    costUsd: run?.costUsd ?? 0,
    durationMs: run ? Date.parse(entry.at) - Date.parse(run.item.at) : null,
    change: end.change ?? null,
  });
}

function turnStateAfter(end: OutcomeItem['end']): TurnItem['state'] {
  if (end.type === 'run.finished') return 'finished';
  if (end.type === 'run.stopped') return 'stopped';
  return end.retryAt === null ? 'failed' : 'retrying';
}

function addQuestion(
  building: Building,
  entry: Entry,
  event: Extract<Fact, { type: `question.${string}` }>,
): void {
  if (event.type === 'question.asked') {
    const { questionId, questions, expiresAt } = event;
    const item: Draft<QuestionItem> = {
      ...place(entry),
      kind: 'question',
      questionId,
      questions,
      expiresAt,
      answer: { state: 'open' },
    };
    building.questions.set(questionId, item);
    building.items.push(item);
    return;
  }
  const question = building.questions.get(event.questionId);
  if (!question) return;
  question.answer =
    event.type === 'question.answered'
      ? { state: 'answered', answers: event.answers, by: entry.actor }
      : { state: 'over' };
}

function addApproval(
  building: Building,
  entry: Entry,
  event: Extract<Fact, { type: `approval.${string}` }>,
): void {
  if (event.type === 'approval.requested') {
    const { approvalId, action, subject } = event;
    const item: Draft<ApprovalItem> = {
      ...place(entry),
      kind: 'approval',
      approvalId,
      action,
      subject,
      decision: { state: 'open', by: null },
    };
    building.approvals.set(approvalId, item);
    building.items.push(item);
    return;
  }
  const approval = building.approvals.get(event.approvalId);
  const state = {
    'approval.granted': 'granted',
    'approval.denied': 'denied',
    'approval.expired': 'expired',
  } as const;
  if (approval) approval.decision = { state: state[event.type], by: entry.actor };
}

function addTrace(building: Building, entry: Entry, event: Trace): void {
  const { items } = building;
  switch (event.type) {
    case 'agent.said':
    case 'agent.thought': {
      const kind = event.type === 'agent.said' ? 'said' : 'thought';
      items.push({ ...place(entry), kind, text: event.text, live: false });
      return;
    }
    case 'agent.tool_started':
    case 'agent.tool_finished':
      addTool(building, entry, event);
      return;
    case 'agent.planned':
      items.push({ ...place(entry), kind: 'plan', todos: event.todos });
      return;
    case 'agent.stepped': {
      const run = building.runs.get(event.runId);
      if (run) run.costUsd += event.costUsd;
      return;
    }
    case 'agent.waited': {
      const { attempt, reason, until } = event;
      items.push({ ...place(entry), kind: 'waited', attempt, reason, until });
      return;
    }
    case 'run.progressed':
      addStep(building, entry, event.step);
      return;
  }
}

type ToolTrace = Extract<Trace, { type: `agent.tool_${string}` }>;

/** Calls that the log also tells in a better way: as a plan, as a question. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['todowrite', 'todoread', 'question']);

function addTool(building: Building, entry: Entry, event: ToolTrace): void {
  if (TOLD_OTHERWISE.has(event.tool)) return;
  // Agents count their calls anew in each run.
  const id = `${event.runId}/${event.callId}`;
  let tool = building.tools.get(id);
  if (!tool) {
    const { callId, tool: name, title } = event;
    tool = {
      ...place(entry),
      kind: 'tool',
      callId,
      tool: name,
      title,
      input: '',
      result: null,
      cutOff: false,
    };
    building.tools.set(id, tool);
    building.items.push(tool);
  }
  if (event.type === 'agent.tool_started') {
    tool.input = event.input;
    return;
  }
  const { ok, output, full, exitCode, diff, durationMs } = event;
  if (event.title !== '') tool.title = event.title;
  tool.result = {
    ok,
    output,
    durationMs,
    ...(full && { full }),
    ...(exitCode !== undefined && { exitCode }),
    ...(diff !== undefined && { diff }),
  };
}

function addStep(building: Building, entry: Entry, step: StepsItem['steps'][number]['step']): void {
  endSteps(building, entry.at);
  const last = building.items.at(-1);
  const added = { step, at: entry.at, endedAt: null };
  if (last?.kind === 'steps') {
    building.items[building.items.length - 1] = { ...last, steps: [...last.steps, added] };
  } else {
    building.items.push({ ...place(entry), kind: 'steps', steps: [added] });
  }
}

/** A step lasts until the next one, or until its run ends. */
function endSteps(building: Building, at: string): void {
  const index = building.items.findLastIndex((item) => item.kind === 'steps');
  const item = building.items[index];
  const open = item?.kind === 'steps' ? item.steps.at(-1) : undefined;
  if (item?.kind !== 'steps' || !open || open.endedAt !== null) return;
  building.items[index] = { ...item, steps: [...item.steps.slice(0, -1), { ...open, endedAt: at }] };
}
