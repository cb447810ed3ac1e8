import type { Actor, Entry, Fact, FactOf } from 'orchestrator/domain';
import { setbacksOf } from '../session/work.ts';
import { count } from '../words.ts';
import { type Building, type Draft, place } from './building.ts';
import type { OutcomeItem, RunItem, TurnItem } from './items.ts';
import { endSteps } from './step-items.ts';

type TurnFact = Extract<Fact, { type: `turn.${string}` }>;
type QueueFact = Extract<Fact, { type: `queue.${string}` }>;
type RunFact = Extract<Fact, { type: `run.${string}` }>;
type WorkFact = Extract<Fact, { type: `work.${string}` }>;

export function addTurn(building: Building, entry: Entry, event: TurnFact): void {
  switch (event.type) {
    case 'turn.requested':
      requestTurn(building, entry, event);
      return;
    case 'turn.amended': {
      const turn = building.turns.get(event.turnId);
      if (!turn) return;
      turn.text = event.text;
      turn.edited = true;
      return;
    }
    case 'turn.cancelled': {
      const turn = building.turns.get(event.turnId);
      if (!turn) return;
      turn.state = 'cancelled';
      turn.endedBy = event.reason === undefined ? entry.actor : null;
      leaveLine(building, turn);
      return;
    }
  }
}

function requestTurn(building: Building, entry: Entry, event: FactOf<'turn.requested'>): void {
  const turn: Draft<TurnItem> = {
    ...place(entry),
    kind: 'turn',
    turnId: event.turnId,
    text: event.text,
    edited: false,
    by: entry.actor,
    state: 'queued',
    attempt: 0,
    endedBy: null,
  };
  building.turns.set(event.turnId, turn);
  building.queued.push(turn);
}

/** A turn stands where it waits no longer. */
function leaveLine({ items, queued }: Building, turn: Draft<TurnItem>): void {
  const waited = queued.indexOf(turn);
  if (waited >= 0) items.push(...queued.splice(waited, 1));
}

export function addQueue(building: Building, entry: Entry, event: QueueFact): void {
  const turns = building.queued.filter((turn) => event.turnIds.includes(turn.turnId));
  const followUps = count(event.turnIds.length, 'follow-up');
  if (event.type === 'queue.held') {
    for (const turn of turns) turn.state = 'held';
    addNote(building, entry, { text: `${followUps} held, because the work was stopped`, by: entry.actor });
    return;
  }
  for (const turn of turns) turn.state = 'queued';
  const others = building.queued.filter((turn) => !turns.includes(turn));
  // Released turns come first, because they were requested first.
  building.queued.splice(0, building.queued.length, ...turns, ...others);
  addNote(building, entry, { text: `Going on with ${followUps}, let go`, by: entry.actor });
}

export function addRun(building: Building, entry: Entry, event: RunFact): void {
  switch (event.type) {
    case 'run.started':
      startRun(building, entry, event);
      return;
    case 'run.prepared': {
      const run = building.runs.get(event.runId);
      const { provider, isolation, resumed, startSha = null } = event;
      if (!run) return;
      run.item.place = { provider, isolation, resumed };
      run.startSha = startSha;
      return;
    }
    case 'run.stop_requested': {
      const turn = turnOfRun(building, event.runId);
      if (turn) turn.state = 'stopping';
      addNote(building, entry, { text: 'Stop requested', by: entry.actor });
      return;
    }
    case 'run.stopped':
    case 'run.finished':
    case 'run.failed':
      endRun(building, entry, event);
      return;
  }
}

function startRun(building: Building, entry: Entry, event: FactOf<'run.started'>): void {
  const turn = building.turns.get(event.turnId);
  const { runId, attempt, model, turnId } = event;
  if (turn) {
    leaveLine(building, turn);
    turn.state = 'running';
    turn.attempt = attempt;
  }
  const item: Draft<RunItem> = { ...place(entry), kind: 'run', runId, attempt, model, place: null };
  building.runs.set(runId, { item, costUsd: 0, turnId, startSha: null, ended: false });
  building.items.push(item);
}

function endRun(building: Building, entry: Entry, end: OutcomeItem['end']): void {
  endSteps(building, entry.at);
  for (const tool of building.tools.values()) if (tool.result === null) tool.cutOff = true;
  const run = building.runs.get(end.runId);
  const told = run?.ended === false ? run : null;
  const turn = turnOfRun(building, end.runId);
  // Who asked for a stop, not the engine that confirmed it.
  const by = end.type === 'run.stopped' && end.by ? end.by : entry.actor;
  const outcome: Draft<OutcomeItem> = {
    ...place(entry),
    kind: 'outcome',
    end,
    by,
    costUsd: told?.costUsd ?? 0,
    durationMs: told ? Date.parse(entry.at) - Date.parse(told.item.at) : null,
    attempt: run?.item.attempt ?? null,
    turnId: run?.turnId ?? null,
    change: end.change ?? changeBefore(building, run?.turnId) ?? null,
    startSha: startOf(building, run?.turnId),
    setbacks: setbacksBefore(building, run?.turnId),
    discard: null,
  };
  if (run) run.ended = true;
  building.outcomes.push(outcome);
  building.items.push(outcome);
  if (!turn) return;
  turn.state = turnStateAfter(end);
  if (end.type === 'run.stopped') turn.endedBy = by;
}

function startOf({ runs }: Building, turnId: TurnItem['turnId'] | undefined): string | null {
  const ofTurn = [...runs.values()].filter((run) => run.turnId === turnId);
  return ofTurn.find((run) => run.startSha !== null)?.startSha ?? null;
}

function setbacksBefore({ work: { current } }: Building, turnId: TurnItem['turnId'] | undefined) {
  return current && current.turnId === turnId ? setbacksOf(current) : [];
}

/** A turn that ends between two tries has changed what the try before has. */
function changeBefore({ outcomes }: Building, turnId: TurnItem['turnId'] | undefined) {
  return turnId && outcomes.findLast((outcome) => outcome.turnId === turnId)?.change;
}

function turnStateAfter(end: OutcomeItem['end']): TurnItem['state'] {
  if (end.type === 'run.finished') return 'finished';
  if (end.type === 'run.stopped') return 'stopped';
  return end.retryAt === null ? 'failed' : 'retrying';
}

function turnOfRun({ runs, turns }: Building, runId: OutcomeItem['end']['runId']): Draft<TurnItem> | null {
  const run = runs.get(runId);
  return (run && turns.get(run.turnId)) ?? null;
}

/** Nothing can have run since the stop: the work that is taken back is that of the last outcome. */
export function addDiscard(building: Building, entry: Entry, event: WorkFact): void {
  const stopped = building.outcomes.at(-1);
  if (!stopped) {
    addNote(building, entry, { text: DISCARD_NOTES[event.type], by: entry.actor });
    return;
  }
  const by = stopped.discard?.by ?? entry.actor;
  switch (event.type) {
    case 'work.discard_requested':
      stopped.discard = { state: 'asked', by: entry.actor, code: null };
      return;
    case 'work.discarded':
      stopped.discard = { state: 'done', by, code: null };
      return;
    case 'work.discard_failed':
      stopped.discard = { state: 'failed', by, code: event.code };
      return;
  }
}

/** Told where the stop itself is not in the loaded part of the log. */
const DISCARD_NOTES = {
  'work.discard_requested': 'Discard of the stopped work asked for',
  'work.discarded': 'Stopped work discarded',
  'work.discard_failed': 'Stopped work could not be discarded, tried',
} as const;

function addNote(
  building: Building,
  entry: Entry,
  note: { readonly text: string; readonly by: Actor },
): void {
  building.items.push({ ...place(entry), kind: 'note', ...note });
}
