import type { Entry, LiveEvent } from 'orchestrator/domain';
import { advance, type SessionView } from './view.ts';

/** What the agent is writing and what its commands are printing right now. It is gone when the entry comes. */
export type LiveProgress = {
  readonly texts: ReadonlyMap<string, { readonly runId: string; readonly text: string }>;
  readonly outputs: ReadonlyMap<string, string>;
};

/** The loaded part of a session's log: an unbroken piece that ends at the newest entry. */
export type LoadedLog = {
  readonly view: SessionView;
  readonly entries: readonly Entry[];
  readonly live: LiveProgress;
  readonly connection: 'connecting' | 'live' | 'lost';
};

export type Received = { readonly entry: Entry } | { readonly live: LiveEvent };
export type LoadedLogAction =
  | { readonly type: 'received'; readonly batch: readonly Received[] }
  | { readonly type: 'read_earlier'; readonly entries: readonly Entry[] }
  | { readonly type: 'connected' | 'disconnected' | 'paused' };

/** Live output that is kept of one command, in characters: the screen shows its end only. */
const LIVE_OUTPUT_LIMIT = 20_000;

const NO_PROGRESS: LiveProgress = { texts: new Map(), outputs: new Map() };

export function loadedLog(view: SessionView, entries: readonly Entry[]): LoadedLog {
  return { view, entries, live: NO_PROGRESS, connection: 'connecting' };
}

/** A reducer: the loaded log after something has come in. */
export function nextLoadedLog(log: LoadedLog, action: LoadedLogAction): LoadedLog {
  switch (action.type) {
    case 'connected':
      return { ...log, connection: 'live' };
    case 'disconnected':
      // What was half written when the connection broke is not continued: the entry brings the whole.
      return { ...log, connection: 'lost', live: NO_PROGRESS };
    case 'paused':
      return { ...log, connection: 'connecting', live: NO_PROGRESS };
    case 'read_earlier': {
      const first = log.entries[0]?.seq ?? Number.POSITIVE_INFINITY;
      return { ...log, entries: [...action.entries.filter((entry) => entry.seq < first), ...log.entries] };
    }
    case 'received':
      return receive(log, action.batch);
  }
}

function receive(log: LoadedLog, batch: readonly Received[]): LoadedLog {
  let { view, live } = log;
  let last = log.entries.at(-1)?.seq ?? 0;
  const added: Entry[] = [];
  for (const received of batch) {
    if ('live' in received) {
      live = withProgress(live, received.live);
      continue;
    }
    const { entry } = received;
    // The stream may repeat what the page came with.
    if (entry.seq <= last) continue;
    last = entry.seq;
    added.push(entry);
    view = advance(view, entry);
    live = withoutSettled(live, entry.event);
  }
  return { ...log, view, live, entries: added.length > 0 ? [...log.entries, ...added] : log.entries };
}

function withProgress(live: LiveProgress, event: LiveEvent): LiveProgress {
  if (event.kind === 'text') {
    const before = live.texts.get(event.id)?.text ?? '';
    const texts = new Map(live.texts).set(event.id, { runId: event.runId, text: before + event.delta });
    return { ...live, texts };
  }
  const before = event.reset ? '' : (live.outputs.get(event.callId) ?? '');
  const output = (before + event.chunk).slice(-LIVE_OUTPUT_LIMIT);
  return { ...live, outputs: new Map(live.outputs).set(event.callId, output) };
}

function withoutSettled(live: LiveProgress, event: Entry['event']): LiveProgress {
  switch (event.type) {
    case 'agent.said':
    case 'agent.thought':
      return { ...live, texts: new Map([...live.texts].filter(([, text]) => text.runId !== event.runId)) };
    case 'agent.tool_finished': {
      const outputs = new Map(live.outputs);
      outputs.delete(event.callId);
      return { ...live, outputs };
    }
    case 'run.finished':
    case 'run.failed':
    case 'run.stopped':
      return NO_PROGRESS;
    default:
      return live;
  }
}
