import { fold, type SessionEvent, type TurnId } from 'orchestrator/domain';
import type { Evidence, SessionEvidence } from './evidence.ts';
import type { ThreadMessage } from './workspace-client.ts';

/** How a turn ended, with the word that its card and its final message begin with. */
const WORDS = { finished: 'Done', failed: 'Failed', stopped: 'Stopped', cancelled: 'Cancelled' } as const;
/** A held turn has not ended: it waits for somebody to say whether to go on with it. */
type Ending = keyof typeof WORDS | 'held';

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

/** Failures of the outside world, and those that were armed, have classes of their own; any other error is a bug of ours. */
const FORESEEN: ReadonlySet<string> = new Set(['UpstreamError', 'SandboxError', 'Conflict', 'ArmedFailure']);

/** Errors that no time will heal. */
export function bugs({ errors }: Pick<Evidence, 'errors'>): string[] {
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
    const isRight = turns.length === (post.kind === 'request' ? 1 : 0);
    const mayBeBoth = post.kind === 'deleted' && turns.length <= 1;
    if (!isRight && !mayBeBoth) return [`the post ${post.ts} (${post.kind}) became ${turns.length} turns`];
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
    ...discardProblems(session),
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
    const message = (kind: 'card' | 'final') => inSlot(thread, `turn/${turnId}/${kind}`);
    if (ending === 'held') {
      const question = thread.some(({ metadata }) => metadata?.event_payload.slot.startsWith('held/'));
      return [
        ...saying(message('card'), 'Held', `the card of ${turnId}, which is held,`),
        ...(message('final') ? [`${turnId} is held and has a final message`] : []),
        ...(question ? [] : ['nobody was asked about the follow-ups that are held']),
      ];
    }
    return (['card', 'final'] as const).flatMap((kind) =>
      saying(message(kind), WORDS[ending], `the ${kind} of ${turnId}, which is ${ending},`),
    );
  });
}

function inSlot(thread: readonly ThreadMessage[], slot: string): ThreadMessage | undefined {
  return thread.find(({ metadata }) => metadata?.event_payload.slot === slot);
}

function saying(message: ThreadMessage | undefined, word: string, name: string): string[] {
  if (!message) return [`${name} is missing`];
  return message.text.startsWith(word) ? [] : [`${name} says "${message.text.slice(0, 80)}"`];
}

/** Each turn of a log with how it ended, by a reading of our own: nothing of the product's projections is used. */
function endings(entries: SessionEvidence['entries']): ReadonlyMap<TurnId, Ending | null> {
  const turnOfRun = new Map<string, TurnId>();
  const ended = new Map<TurnId, Ending | null>();
  for (const { event } of entries) {
    if (event.type === 'run.started') turnOfRun.set(event.runId, event.turnId);
    const ending = endingIn(event);
    if (ending === undefined) continue;
    const turns = 'runId' in event ? [turnOfRun.get(event.runId)] : turnsOf(event);
    for (const turnId of turns) if (turnId) ended.set(turnId, ending);
  }
  return ended;
}

/** What an event makes of the turns that it is about; undefined when it ends and begins none. */
function endingIn(event: SessionEvent): Ending | null | undefined {
  switch (event.type) {
    case 'turn.requested':
    case 'queue.released':
      return null;
    case 'queue.held':
      return 'held';
    case 'turn.cancelled':
      return 'cancelled';
    case 'run.finished':
      return 'finished';
    case 'run.stopped':
      return 'stopped';
    case 'run.failed':
      return event.retryAt === null ? 'failed' : undefined;
    default:
      return undefined;
  }
}

function turnsOf(event: SessionEvent): readonly TurnId[] {
  if ('turnIds' in event) return event.turnIds;
  return 'turnId' in event ? [event.turnId] : [];
}

function publishProblems({ entries, thread }: SessionEvidence): string[] {
  const answer = answerTo(entries, 'pull_request.requested', ['pull_request.opened', 'pull_request.failed']);
  if (answer === null) return ['a pull request was asked for, and nothing came of it'];
  if (answer?.type !== 'pull_request.opened') return [];
  const slot = `pull-request/${answer.number}`;
  return inSlot(thread, slot) ? [] : [`its thread has no ${slot}`];
}

function discardProblems({ entries }: SessionEvidence): string[] {
  const answer = answerTo(entries, 'work.discard_requested', ['work.discarded', 'work.discard_failed']);
  return answer === null ? ['work was to be discarded, and nothing came of it'] : [];
}

/** What came of the last wish of a kind: null for nothing, undefined when there was no such wish. */
function answerTo(
  entries: SessionEvidence['entries'],
  wish: SessionEvent['type'],
  answers: readonly SessionEvent['type'][],
): SessionEvent | null | undefined {
  const asked = entries.findLastIndex(({ event }) => event.type === wish);
  if (asked === -1) return undefined;
  return entries.slice(asked).find(({ event }) => answers.includes(event.type))?.event ?? null;
}
