import type { Deckhand, Delivery, DeliveryHealth, SlotDelivery } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';
import { slotName } from '../delivery/slot-words.ts';

/** Stuck messages that the page names; more of them have one cause, and one look at it is enough. */
const STUCK_SHOWN = 50;
/** Sessions in work that are counted; beyond, the page says that there are more. */
const COUNTED = 1_000;
const PAGE = 100;

export type StuckMessage = {
  readonly sessionId: SessionId;
  readonly title: string;
  readonly slot: string;
  readonly name: string;
  readonly code: string;
  /** What can be done; null when the message has gone out meanwhile. */
  readonly sentence: string | null;
  readonly at: string;
};

/** The stuck messages with what a person needs to know of them. */
export async function stuckMessages(
  { deckhand, delivery }: { readonly deckhand: Deckhand; readonly delivery: Delivery },
  { stuck }: DeliveryHealth,
): Promise<readonly StuckMessage[]> {
  const shown = stuck.slice(0, STUCK_SHOWN);
  const ids = [...new Set(shown.map((one) => one.sessionId))];
  const known = new Map(await Promise.all(ids.map(async (id) => [id, await knownOf(id)] as const)));
  return shown.map(({ sessionId, slot, code, at }) => {
    const session = known.get(sessionId)?.session;
    const turns = session && session.state.status !== 'unopened' ? session.state.knownTurns : [];
    const sentence = known.get(sessionId)?.slots.find((one) => one.slot === slot)?.problem?.sentence ?? null;
    const title = session?.summary.title ?? sessionId;
    return { sessionId, title, slot, name: slotName(slot, turns), code, sentence, at };
  });

  async function knownOf(sessionId: SessionId) {
    const [session, slots] = await Promise.all([deckhand.session(sessionId), delivery.slots(sessionId)]);
    return { session, slots: slots satisfies readonly SlotDelivery[] };
  }
}

export type SessionCounts = {
  readonly running: number;
  /** Of those that run. */
  readonly needingPerson: number;
  /** Those that try again by themselves. */
  readonly retrying: number;
  /** There are more than were counted. */
  readonly more: boolean;
};

/** How many sessions are in work. */
export async function sessionCounts(deckhand: Deckhand): Promise<SessionCounts> {
  const [running, retrying] = await Promise.all([
    sessionsThat(deckhand, 'running'),
    sessionsThat(deckhand, 'waiting'),
  ]);
  return {
    running: running.count,
    needingPerson: running.needingPerson,
    retrying: retrying.count,
    more: running.more || retrying.more,
  };
}

async function sessionsThat(deckhand: Deckhand, status: 'running' | 'waiting') {
  let counted = 0;
  let needingPerson = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Deckhand['sessions']>> = await deckhand.sessions({
      status,
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    counted += page.items.length;
    needingPerson += page.items.filter((one) => one.waitingFor !== null).length;
    cursor = page.next;
  } while (cursor !== null && counted < COUNTED);
  return { count: counted, needingPerson, more: cursor !== null };
}
