import type { Deckhand, Delivery, SlotDelivery } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import type { Clock } from 'orchestrator/platform/clock';
import type { ConnectionWatch } from './connection.ts';
import { wordsOf } from './deliver.ts';
import type { Wanted } from './next-sends.ts';
import type { Outbox, OutboxRow } from './outbox.ts';
import type { Projector } from './projector.ts';
import type { WriteScheduler } from './scheduler/write-scheduler.ts';
import { sentenceOf } from './slack-troubles.ts';

const SLOTS_MAX = 500;
/** Listeners hear of changes at most this often. In milliseconds. */
const TELL_EVERY_MS = 1_000;

export type DeliveryDeps = {
  readonly deckhand: Pick<Deckhand, 'sessions'>;
  readonly projector: Pick<Projector, 'sender' | 'loaded' | 'senders' | 'sweep'>;
  readonly outbox: Pick<Outbox, 'stuck' | 'stuckCount' | 'ofSession' | 'setMustSearch' | 'forget'>;
  readonly scheduler: Pick<WriteScheduler, 'figures' | 'refusal' | 'onChange'>;
  readonly connection: Pick<ConnectionWatch, 'state'>;
  readonly clock: Clock;
};

/** Delivery as the console sees it. */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const { projector, outbox, scheduler } = deps;

  async function rebuild(sessionId: SessionId): Promise<void> {
    const sender = await projector.sender(sessionId);
    await sender?.rebuild();
  }

  /** A thread that nobody looks after now is only marked: the sweep takes such threads up, so many at a time. */
  async function rebuildLater(sessionId: SessionId): Promise<void> {
    const sender = projector.loaded(sessionId);
    if (sender) return sender.rebuild();
    await outbox.setMustSearch(sessionId, true);
    await outbox.forget(sessionId);
  }

  return {
    slots: async (sessionId) => {
      const sender = await projector.sender(sessionId);
      const rows = sender ? await sender.rows() : await outbox.ofSession(sessionId);
      return slotsOf(rows, sender?.wanted() ?? [], sender?.thread.channel ?? '').slice(0, SLOTS_MAX);
    },
    retry: async (sessionId, slot) => (await (await projector.sender(sessionId))?.retry(slot)) ?? false,
    rebuild,
    rebuildAll: async () => {
      let count = 0;
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Deckhand['sessions']>> = await deps.deckhand.sessions({
          limit: 100,
          ...(cursor && { cursor }),
        });
        for (const { sessionId, thread } of page.items) {
          if (thread === null) continue;
          await rebuildLater(sessionId);
          count += 1;
        }
        cursor = page.next;
      } while (cursor);
      await projector.sweep();
      return count;
    },
    health: async () => {
      const stuck = await outbox.stuck();
      return {
        connection: deps.connection.state(scheduler.refusal()),
        writes: { ...(await scheduler.figures()), ...waitingIn(deps) },
        stuckCount: await outbox.stuckCount(),
        stuck: stuck.map((row) => ({
          sessionId: row.sessionId,
          slot: row.slot,
          code: row.problem?.code ?? '',
          at: isoOf(row.problem?.at ?? 0),
        })),
      };
    },
    onChange: (listener) => throttled(scheduler.onChange, listener),
  };
}

/** What waits in all threads: also what waits for its next try, of which the scheduler knows nothing. */
function waitingIn({ projector, clock }: DeliveryDeps): { queued: number; oldestFinalMs: number | null } {
  const unsent = projector.senders().flatMap((sender) => sender.unsent());
  const since = unsent.flatMap((slot) => (slot.lane === 'final' ? (slot.since ?? []) : []));
  return {
    queued: unsent.length,
    oldestFinalMs: since.length === 0 ? null : Math.max(0, clock.now() - Math.min(...since)),
  };
}

/** What is known of each message, those that nothing was done about yet included. */
function slotsOf(
  rows: readonly OutboxRow[],
  wanted: readonly Wanted[],
  channel: string,
): readonly SlotDelivery[] {
  const known = new Set(rows.map((row) => row.slot));
  return [
    ...rows.map((row) =>
      slotOf(
        row,
        wanted.find((slot) => slot.key === row.slot),
      ),
    ),
    ...wanted
      .filter((slot) => !known.has(slot.key))
      .map(
        (slot): SlotDelivery => ({
          slot: slot.key,
          state: 'waiting',
          wanted: wordsOf(slot),
          sent: null,
          channel,
          ts: null,
          sentAt: null,
          tries: 0,
          problem: null,
        }),
      ),
  ];
}

function slotOf(row: OutboxRow, wanted: Wanted | undefined): SlotDelivery {
  const isCurrent = !wanted || wanted.content.kind === 'file' || wanted.hash === row.sentHash;
  const { problem } = row;
  return {
    slot: row.slot,
    state: stateOf(row, isCurrent),
    wanted: wanted ? wordsOf(wanted) : row.wanted,
    sent: row.sent,
    channel: row.channel,
    ts: row.ts,
    sentAt: row.sentAt === null ? null : isoOf(row.sentAt),
    tries: row.tries,
    problem: problem && {
      code: problem.code,
      sentence: sentenceOf(problem.code),
      at: isoOf(problem.at),
    },
  };
}

function stateOf(row: OutboxRow, isCurrent: boolean): SlotDelivery['state'] {
  if (row.state === 'stuck') return 'stuck';
  // Nothing more will be sent by itself; the problem says why.
  if (row.state === 'gone') return row.ts === null ? 'stuck' : 'sent';
  return row.state === 'sent' && isCurrent ? 'sent' : 'waiting';
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Tells the listener of the last change too, as soon as it may hear of one again. */
function throttled(subscribe: (listener: () => void) => () => void, listener: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;
  const unsubscribe = subscribe(() => {
    timer ??= setTimeout(() => {
      timer = null;
      listener();
    }, TELL_EVERY_MS);
    timer.unref();
  });
  return () => {
    unsubscribe();
    if (timer) clearTimeout(timer);
  };
}
