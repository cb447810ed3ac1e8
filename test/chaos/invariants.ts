import { fold, type TurnId } from 'orchestrator/domain';
import type { Evidence, SessionEvidence } from './evidence.ts';
import type { ThreadMessage } from './workspace-client.ts';

/** How a turn ended, with the word that its card and its final message begin with. */
const WORDS = { finished: 'Done', failed: 'Failed', stopped: 'Stopped', cancelled: 'Cancelled' } as const;
type Ending = keyof typeof WORDS;

/** What must be true of the world when Deckhand has come to rest, and is not: one sentence each. Pure. */
export function violations(evidence: Evidence): readonly string[] {
  return [
    ...evidence.unreadable.map((entry) => `an entry cannot be read: ${entry}`),
    ...evidence.deaths.map((death) => `the process ended by itself: ${death}`),
    ...bugs(evidence),
    ...lostOrDoubledPosts(evidence),
    ...evidence.sessions.flatMap(ofSession),
  ];
}

/** Failures of the outside world have classes of their own; an error of any other kind is a bug of ours. */
const FORESEEN: ReadonlySet<string> = new Set(['UpstreamError', 'SandboxError', 'Conflict']);

function bugs({ errors }: Evidence): string[] {
  return errors
    .filter(({ err }) => !FORESEEN.has(err?.type ?? ''))
    .map(({ msg, err }) => `a bug was logged: ${msg}: ${err?.stack ?? 'no error'}`);
}

/** Everything that a person asked for became one turn, in the session of its thread. */
function lostOrDoubledPosts({ posts, sessions }: Evidence): string[] {
  return posts.flatMap((post) => {
    const turns = sessions.flatMap((session) =>
      session.entries.flatMap(({ event }) =>
        event.type === 'turn.requested' && event.message?.ts === post.ts ? [session.threadTs] : [],
      ),
    );
    const wanted = post.kind === 'request' ? 1 : 0;
    if (turns.length !== wanted) return [`the post ${post.ts} (${post.kind}) became ${turns.length} turns`];
    return turns.some((threadTs) => threadTs !== post.threadTs)
      ? [`the post ${post.ts} became a turn in another thread than its own`]
      : [];
  });
}

function ofSession(session: SessionEvidence): string[] {
  const found = [
    ...logProblems(session),
    ...slotProblems(session),
    ...turnProblems(session),
    ...publishProblems(session),
  ];
  return found.map((problem) => `${session.sessionId}: ${problem}`);
}

function logProblems({ sessionId, entries }: SessionEvidence): string[] {
  const gap = entries.findIndex((entry, index) => entry.seq !== index + 1);
  if (gap !== -1) return [`the log has a gap before entry ${entries[gap]?.seq}`];
  try {
    const { status } = fold(entries);
    return status === 'running' || status === 'waiting' ? [`the session is ${status}`] : [];
  } catch (error) {
    return [`the log of ${sessionId} does not fold: ${String(error)}`];
  }
}

function slotProblems({ sessionId, thread }: SessionEvidence): string[] {
  const slots = thread.flatMap(({ metadata }) => (metadata ? [metadata.event_payload] : []));
  const strangers = slots.filter(({ session }) => session !== sessionId);
  const doubled = [...Map.groupBy(slots, ({ slot }) => slot)].filter(([, same]) => same.length > 1);
  return [
    ...strangers.map(({ session, slot }) => `its thread holds ${slot} of ${session}`),
    ...doubled.map(([slot, same]) => `its thread holds ${slot} ${same.length} times`),
  ];
}

function turnProblems({ entries, thread }: SessionEvidence): string[] {
  return [...endings(entries)].flatMap(([turnId, ending]) => {
    if (ending === null) return [`${turnId} has not ended`];
    const word = WORDS[ending];
    return (['card', 'final'] as const).flatMap((kind) => {
      const slot = `turn/${turnId}/${kind}`;
      const message = thread.find(({ metadata }) => metadata?.event_payload.slot === slot);
      if (!message) return [`its thread has no ${slot}`];
      return saysSo(message, word)
        ? []
        : [`${slot} of a turn that is ${ending} says "${message.text.slice(0, 80)}"`];
    });
  });
}

function saysSo(message: ThreadMessage, word: string): boolean {
  return message.text.startsWith(word);
}

/** Each turn of a log with how it ended, by a reading of our own: nothing of the product's projections is used. */
function endings(entries: SessionEvidence['entries']): ReadonlyMap<TurnId, Ending | null> {
  const ended = new Map<TurnId, Ending | null>();
  const turnOfRun = new Map<string, TurnId>();
  const end = (runId: string, ending: Ending) => {
    const turnId = turnOfRun.get(runId);
    if (turnId) ended.set(turnId, ending);
  };
  for (const { event } of entries) {
    if (event.type === 'turn.requested') ended.set(event.turnId, null);
    if (event.type === 'turn.cancelled') ended.set(event.turnId, 'cancelled');
    if (event.type === 'run.started') turnOfRun.set(event.runId, event.turnId);
    if (event.type === 'run.finished') end(event.runId, 'finished');
    if (event.type === 'run.stopped') end(event.runId, 'stopped');
    if (event.type === 'run.failed' && event.retryAt === null) end(event.runId, 'failed');
  }
  return ended;
}

function publishProblems({ entries, thread }: SessionEvidence): string[] {
  const asked = entries.findLastIndex(({ event }) => event.type === 'pull_request.requested');
  if (asked === -1) return [];
  const answer = entries
    .slice(asked)
    .find(({ event }) => event.type === 'pull_request.opened' || event.type === 'pull_request.failed');
  if (!answer) return ['a pull request was asked for, and nothing came of it'];
  if (answer.event.type !== 'pull_request.opened') return [];
  const slot = `pull-request/${answer.event.number}`;
  return thread.some(({ metadata }) => metadata?.event_payload.slot === slot)
    ? []
    : [`its thread has no ${slot}`];
}
