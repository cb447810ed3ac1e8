import { type Entry, FAILURES, requestOf, type SessionId, type Todo, type TurnId } from '../domain/index.ts';
import type { EventLog } from '../ports.ts';

/** What a session's log says about its work so far, for an agent that does not remember it and for people. */
export type History = {
  /** Turns that are over, oldest first, with what was said of each at its end. */
  readonly done: readonly { readonly request: string; readonly outcome: string }[];
  /** The plan of the turn in question, as it stood last. */
  readonly todos: readonly Todo[];
  /** What the agent said last in the turn in question; empty when nothing. */
  readonly lastWords: string;
  /** Work was taken back and no run has begun since. */
  readonly isDiscarded: boolean;
};

const PAGE = 1000;

type Telling = {
  readonly turnOfRun: Map<string, TurnId>;
  readonly requests: Map<TurnId, string>;
  readonly outcomes: Map<TurnId, string>;
  readonly todos: Map<TurnId, readonly Todo[]>;
  readonly words: Map<TurnId, string>;
  isDiscarded: boolean;
};

/** Reads a session's whole log. `turnId` is the turn in question. */
export async function readHistory(
  log: Pick<EventLog, 'read'>,
  sessionId: SessionId,
  turnId: TurnId,
): Promise<History> {
  const telling: Telling = {
    turnOfRun: new Map(),
    requests: new Map(),
    outcomes: new Map(),
    todos: new Map(),
    words: new Map(),
    isDiscarded: false,
  };
  for (let afterSeq = 0; ; ) {
    const page = await log.read(sessionId, { afterSeq, limit: PAGE });
    for (const entry of page) tell(telling, entry);
    if (page.length < PAGE) break;
    afterSeq = page.at(-1)?.seq ?? afterSeq;
  }
  const { requests, outcomes, todos, words, isDiscarded } = telling;
  const done = [...outcomes].map(([id, outcome]) => ({ request: requests.get(id) ?? '', outcome }));
  return { done, todos: todos.get(turnId) ?? [], lastWords: words.get(turnId) ?? '', isDiscarded };
}

function tell(telling: Telling, { event }: Entry): void {
  const turnId = 'runId' in event ? telling.turnOfRun.get(event.runId) : undefined;
  switch (event.type) {
    case 'turn.requested':
    case 'turn.amended':
      telling.requests.set(event.turnId, requestOf(event.text));
      return;
    case 'run.started':
      telling.turnOfRun.set(event.runId, event.turnId);
      return;
    case 'run.prepared':
      // From here on the agent works on what is there.
      telling.isDiscarded = false;
      return;
    case 'work.discarded':
      telling.outcomes.set(event.turnId, 'Its changes were discarded; the files are as they were before it.');
      telling.isDiscarded = true;
      return;
    case 'agent.said':
      if (turnId) telling.words.set(turnId, event.text);
      return;
    case 'agent.planned':
      if (turnId) telling.todos.set(turnId, event.todos);
      return;
    default: {
      const outcome = outcomeOf(event);
      if (turnId && outcome !== null) telling.outcomes.set(turnId, outcome);
    }
  }
}

function outcomeOf(event: Entry['event']): string | null {
  switch (event.type) {
    case 'run.finished':
      return event.summary;
    case 'run.stopped':
      return `Stopped by a person before it was done. ${event.summary ?? ''}`.trim();
    case 'run.failed':
      return event.retryAt === null ? `It failed: ${FAILURES[event.code].sentence}` : null;
    default:
      return null;
  }
}
