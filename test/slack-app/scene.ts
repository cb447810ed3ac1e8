import type { Change, RunId, SessionEvent, SessionId, TurnId } from 'orchestrator/domain';
import type { FakeDeckhand } from '../../slack-app/src/testing/fake-deckhand.ts';

export const RUN: RunId = 'run_1';

export const CHANGE: Change = {
  headSha: 'a'.repeat(40),
  baseSha: 'b'.repeat(40),
  additions: 12,
  deletions: 3,
  fileCount: 2,
  files: [
    { path: 'src/cart.js', status: 'modified', additions: 10, deletions: 3 },
    { path: 'test/cart.test.js', status: 'added', additions: 2, deletions: 0 },
  ],
  patch: 'art_patch',
};

export const PATCH = [
  'diff --git a/src/cart.js b/src/cart.js',
  '--- a/src/cart.js',
  '+++ b/src/cart.js',
  '@@ -1,2 +1,2 @@',
  '-const total = 0;',
  '+const total = sum(lines);',
].join('\n');

/** The agent of the run has been told its request. */
export const PREPARED: SessionEvent = {
  type: 'run.prepared',
  runId: RUN,
  sandboxId: 'box',
  provider: 'local',
  isolation: 'none',
  agentSessionId: 'a',
  baseSha: 'b'.repeat(40),
  startSha: 'c'.repeat(40),
  resumed: false,
};

export function started(turnId: TurnId, runId: RunId = RUN): SessionEvent {
  return { type: 'run.started', runId, turnId, attempt: 1, model: 'demo/scripted' };
}

export function tool(title: string, runId: RunId = RUN): SessionEvent {
  return { type: 'agent.tool_started', runId, callId: `call ${title}`, tool: 'bash', title, input: '{}' };
}

export function finished(summary: string, change: Change | null = CHANGE, runId: RunId = RUN): SessionEvent {
  return { type: 'run.finished', runId, summary, ...(change && { change }) };
}

/** The turns of a session by their log, oldest first. */
export function turnsOf(deckhand: FakeDeckhand, sessionId: SessionId): TurnId[] {
  return deckhand
    .entries(sessionId)
    .flatMap(({ event }) => (event.type === 'turn.requested' ? [event.turnId] : []));
}

export function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (items.length !== 1 || first === undefined) throw new Error(`expected one, got ${items.length}`);
  return first;
}
