import type { Entry, OpenSession, SessionState, Todo } from 'orchestrator/domain';
import { evolve, requestOf, UNOPENED } from 'orchestrator/domain';
import { planAfter } from '../session/plan.ts';
import { toolArguments } from '../timeline/tool-arguments.ts';
import { withRelativePaths } from '../timeline/workspace-paths.ts';
import { actorName, capitalised } from '../words.ts';

/** A command in the replay's terminal. */
type ReplayCommand = {
  readonly callId: string;
  readonly command: string;
  /** Null while it ran. */
  readonly output: string | null;
  readonly exitCode: number | null;
};

/** What the screen showed after one entry of the log. */
export type Moment = {
  readonly state: SessionState;
  readonly turn: { readonly text: string; readonly by: string } | null;
  readonly plan: readonly Todo[];
  /** Files that the agent had edited or written, the latest last. */
  readonly files: readonly { readonly path: string; readonly edits: number }[];
  /** The last commands, oldest first. */
  readonly terminal: readonly ReplayCommand[];
  /** The agent's last words. */
  readonly said: string | null;
  readonly costUsd: number;
};

type Mark = {
  readonly index: number;
  readonly kind: 'turn' | 'failure' | 'outcome';
  readonly label: string;
};

/** Plays entries: everything is computed from them and a position, so that any moment can be jumped to. */
export type Player = {
  readonly length: number;
  /** How long the whole replay takes at speed 1, in milliseconds: time in which nothing happened is cut short. */
  readonly durationMs: number;
  /** What the screen showed after the entry at `index`; before the first entry for -1. */
  momentAt(index: number): Moment;
  /** When the entry at `index` happens in the replay, in milliseconds from its start. */
  timeOf(index: number): number;
  /** The last entry that has happened at a time of the replay; -1 before the first. */
  indexAt(timeMs: number): number;
  /** The entry with this seq, or the nearest before it. */
  indexOf(seq: number): number;
  readonly marks: readonly Mark[];
};

/** A pause of the log is shown as at most this. */
export const LONGEST_PAUSE_MS = 1_500;
/** Every so many entries a moment is kept, so that a jump folds no more than that. */
const KEPT_EVERY = 200;
const TERMINAL_COMMANDS = 12;

const START: Moment = {
  state: UNOPENED,
  turn: null,
  plan: [],
  files: [],
  terminal: [],
  said: null,
  costUsd: 0,
};

export function createPlayer(entries: readonly Entry[]): Player {
  const times = timesOf(entries);
  const kept: Moment[] = [START];
  function momentAt(index: number): Moment {
    const wanted = Math.min(index, entries.length - 1) + 1;
    let keptIndex = Math.min(Math.floor(wanted / KEPT_EVERY), kept.length - 1);
    let moment = kept[keptIndex] ?? START;
    for (let position = keptIndex * KEPT_EVERY; position < wanted; position++) {
      const entry = entries[position];
      if (entry) moment = after(moment, entry);
      if ((position + 1) % KEPT_EVERY === 0) kept[++keptIndex] = moment;
    }
    return moment;
  }
  return {
    length: entries.length,
    durationMs: times.at(-1) ?? 0,
    momentAt,
    timeOf: (index) => (index < 0 ? 0 : (times[Math.min(index, times.length - 1)] ?? 0)),
    indexAt: (timeMs) => lastAtOrBefore(times, timeMs),
    indexOf: (seq) =>
      lastAtOrBefore(
        entries.map((entry) => entry.seq),
        seq,
      ),
    marks: entries.flatMap((entry, index) => markOf(entry, index) ?? []),
  };
}

function timesOf(entries: readonly Entry[]): readonly number[] {
  let time = 0;
  let before: number | null = null;
  return entries.map((entry) => {
    const at = Date.parse(entry.at);
    if (before !== null) time += Math.min(Math.max(at - before, 0), LONGEST_PAUSE_MS);
    before = at;
    return time;
  });
}

function lastAtOrBefore(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function markOf({ event }: Entry, index: number): Mark | null {
  switch (event.type) {
    case 'turn.requested':
      return { index, kind: 'turn', label: requestOf(event.text) };
    case 'run.failed':
      return { index, kind: 'failure', label: event.code };
    case 'run.finished':
      return { index, kind: 'outcome', label: 'Finished' };
    case 'run.stopped':
      return { index, kind: 'outcome', label: 'Stopped' };
    default:
      return null;
  }
}

function after(moment: Moment, entry: Entry): Moment {
  const event = withRelativePaths(entry.event);
  const next: Moment = {
    ...moment,
    state: evolve(moment.state, entry),
    plan: planAfter(moment.plan, event) ?? [],
  };
  switch (event.type) {
    case 'turn.requested':
    case 'turn.amended':
    case 'run.started':
      return { ...next, turn: turnIn(next.state) ?? moment.turn };
    case 'agent.said':
      return { ...next, said: event.text };
    case 'run.finished':
      return { ...next, said: event.summary === '' ? moment.said : event.summary };
    case 'agent.stepped':
      return { ...next, costUsd: moment.costUsd + event.costUsd };
    case 'agent.tool_started':
      return { ...next, ...toolStarted(moment, event) };
    case 'agent.tool_finished':
      return { ...next, terminal: commandEnded(moment.terminal, event) };
    case 'check.finished':
      return {
        ...next,
        terminal: withCommand(moment.terminal, {
          callId: `check-${entry.seq}`,
          command: event.command,
          output: event.output,
          exitCode: event.exitCode,
        }),
      };
    default:
      return next;
  }
}

function turnIn(state: SessionState): Moment['turn'] {
  if (state.status === 'unopened') return null;
  const turn = 'turn' in state ? state.turn : firstOf(state);
  return turn
    ? {
        text: requestOf(turn.text),
        by: capitalised(actorName(turn.requestedBy)),
      }
    : null;
}

function firstOf(state: OpenSession) {
  return state.queue[0] ?? null;
}

type ToolStarted = Extract<Entry['event'], { type: 'agent.tool_started' }>;
type ToolFinished = Extract<Entry['event'], { type: 'agent.tool_finished' }>;

function toolStarted(moment: Moment, event: ToolStarted): Partial<Moment> {
  const { command, filePath } = toolArguments(event.input);
  if (event.tool === 'bash') {
    const { callId, title } = event;
    return {
      terminal: withCommand(moment.terminal, {
        callId,
        command: command ?? title,
        output: null,
        exitCode: null,
      }),
    };
  }
  if (event.tool !== 'edit' && event.tool !== 'write') return {};
  const path = event.title === '' ? (filePath ?? 'a file') : event.title;
  const known = moment.files.find((file) => file.path === path);
  const others = moment.files.filter((file) => file.path !== path);
  return { files: [...others, { path, edits: (known?.edits ?? 0) + 1 }] };
}

function withCommand(terminal: Moment['terminal'], command: ReplayCommand): Moment['terminal'] {
  return [...terminal, command].slice(-TERMINAL_COMMANDS);
}

function commandEnded(terminal: Moment['terminal'], event: ToolFinished): Moment['terminal'] {
  const open = terminal.findLastIndex(
    (command) => command.callId === event.callId && command.output === null,
  );
  return terminal.map((command, index) =>
    index === open ? { ...command, output: event.output, exitCode: event.exitCode ?? null } : command,
  );
}
