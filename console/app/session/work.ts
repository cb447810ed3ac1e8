import type {
  Actor,
  Entry,
  FactOf,
  FailureCode,
  OpenSession,
  RunId,
  Turn,
  TurnId,
} from 'orchestrator/domain';

/** A try that failed for a passing reason: the turn was, or is to be, tried again. */
export type Setback = {
  readonly attempt: number;
  readonly code: FailureCode;
  /** When it failed. */
  readonly at: string;
};

/** One try at a turn. */
type Try = {
  readonly runId: RunId;
  readonly attempt: number;
  /** Null while it goes on and when it did not fail. */
  readonly failure: { readonly code: FailureCode; readonly at: string } | null;
};

/** What is known of the work on one turn. */
type TurnWork = {
  readonly turnId: TurnId;
  /** Oldest first. */
  readonly tries: readonly Try[];
};

/** Follow-ups that waited when somebody stopped the work. */
type Hold = { readonly by: Actor; readonly turnIds: readonly TurnId[] };

/** What a page tells of the work on a session's turns that the session's state does not hold. */
export type Work = {
  /** The turn that is worked on or waits for its next try. */
  readonly current: TurnWork | null;
  /** The turn that ended last. */
  readonly ended: TurnWork | null;
  readonly holds: readonly Hold[];
};

export const NO_WORK: Work = { current: null, ended: null, holds: [] };

/** Total: a log may be read from anywhere, what began before is then not known. */
export function workAfter(work: Work, { event, at, actor }: Pick<Entry, 'event' | 'at' | 'actor'>): Work {
  switch (event.type) {
    case 'run.started':
      return { ...work, current: started(work.current, event) };
    case 'run.failed': {
      const current = work.current && failed(work.current, event, at);
      return event.retryAt === null ? ended(work, current) : { ...work, current };
    }
    case 'run.finished':
    case 'run.stopped':
      return ended(work, work.current);
    case 'queue.held':
      return { ...work, holds: [...work.holds, { by: actor, turnIds: event.turnIds }] };
    case 'queue.released':
      return { ...work, holds: work.holds.map((hold) => without(hold, event.turnIds)).filter(isOpen) };
    case 'turn.cancelled':
      return { ...work, holds: work.holds.map((hold) => without(hold, [event.turnId])).filter(isOpen) };
    default:
      return work;
  }
}

function started(current: TurnWork | null, event: FactOf<'run.started'>): TurnWork {
  const { runId, attempt, turnId } = event;
  const before = current?.turnId === turnId ? current.tries : [];
  return { turnId, tries: [...before, { runId, attempt, failure: null }] };
}

function failed({ turnId, tries }: TurnWork, { runId, code }: FactOf<'run.failed'>, at: string): TurnWork {
  return {
    turnId,
    tries: tries.map((one) => (one.runId === runId ? { ...one, failure: { code, at } } : one)),
  };
}

function ended(work: Work, turn: TurnWork | null): Work {
  return { ...work, current: null, ended: turn };
}

function without(hold: Hold, turnIds: readonly TurnId[]): Hold {
  return { ...hold, turnIds: hold.turnIds.filter((turnId) => !turnIds.includes(turnId)) };
}

function isOpen(hold: Hold): boolean {
  return hold.turnIds.length > 0;
}

/** The tries of a turn that failed and were followed by another one, or are about to be. */
export function setbacksOf({ tries }: TurnWork): readonly Setback[] {
  return tries.flatMap(({ attempt, failure }) => (failure ? [{ attempt, ...failure }] : []));
}

/** Whether entries reach back far enough to tell all that a page tells: they may begin anywhere in a log. */
export function isWholeWork(
  state: OpenSession,
  work: Work,
  entries: readonly Pick<Entry, 'event'>[],
): boolean {
  const isHeldByKnown = ({ turnId }: Turn) => work.holds.some((hold) => hold.turnIds.includes(turnId));
  if (!state.held.every(isHeldByKnown)) return false;
  if (state.status === 'running' || state.status === 'waiting') return isWhole(work.current);
  // What ended last began with a first try, unless nothing has ended at all.
  return isWhole(work.ended) || !entries.some(({ event }) => ENDS.has(event.type));
}

const ENDS: ReadonlySet<string> = new Set(['run.finished', 'run.stopped', 'run.failed']);

function isWhole(turn: TurnWork | null): boolean {
  return turn?.tries[0]?.attempt === 1;
}

/** Held turns as one question each: those that one stop has held together. */
export type HeldGroup = { readonly by: Actor | null; readonly turns: readonly Turn[] };

export function heldGroups(held: readonly Turn[], { holds }: Pick<Work, 'holds'>): readonly HeldGroup[] {
  const groups = holds.map((hold) => ({
    by: hold.by,
    turns: held.filter(({ turnId }) => hold.turnIds.includes(turnId)),
  }));
  const known = groups.flatMap((group) => group.turns);
  const others = { by: null, turns: held.filter((turn) => !known.includes(turn)) };
  return [others, ...groups].filter((group) => group.turns.length > 0);
}
