import { EventEmitter } from 'node:events';
import type { Delivery, DeliveryHealth, SlotDelivery } from 'orchestrator/client';
import type { SessionId } from 'orchestrator/domain';

type DeepPartial<T> = {
  readonly [Key in keyof T]?: T[Key] extends readonly unknown[] ? T[Key] : Partial<T[Key]>;
};

/** A delivery whose state is written by hand. A retry sends what is stuck, a rebuild everything. */
export type FakeDelivery = Delivery & {
  /** Replaces slots of the same name, adds the others, and says so. */
  show(sessionId: SessionId, ...slots: readonly SlotDelivery[]): void;
  set(change: DeepPartial<Omit<DeliveryHealth, 'stuck'>>): void;
  readonly rebuilt: readonly SessionId[];
};

export const CONNECTED: DeliveryHealth = {
  connection: { sockets: 2, state: 'connected', since: '2026-01-01T09:00:00.000Z', problem: null },
  writes: {
    queued: 0,
    sent: 1_284,
    coalesced: 391,
    rateLimited: 0,
    oldestFinalMs: null,
    mode: 'live',
    budgets: [
      { method: 'chat.update', available: 47, capacity: 50, waiting: 0 },
      { method: 'chat.postMessage', available: 58, capacity: 60, waiting: 0 },
      { method: 'reactions.add', available: 50, capacity: 50, waiting: 0 },
    ],
  },
  stuckCount: 0,
  stuck: [],
};

export function createFakeDelivery(): FakeDelivery {
  const threads = new Map<SessionId, Map<string, SlotDelivery>>();
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  const rebuilt: SessionId[] = [];
  let health = CONNECTED;

  const thread = (sessionId: SessionId) => threads.get(sessionId) ?? new Map<string, SlotDelivery>();
  function show(sessionId: SessionId, ...slots: readonly SlotDelivery[]): void {
    const shown = new Map(thread(sessionId));
    for (const slot of slots) shown.set(slot.slot, slot);
    threads.set(sessionId, shown);
    changes.emit('change');
  }
  async function rebuild(sessionId: SessionId): Promise<void> {
    rebuilt.push(sessionId);
    show(sessionId, ...[...thread(sessionId).values()].map(sentSlot));
  }
  return {
    show,
    rebuilt,
    set({ connection, writes }) {
      health = {
        ...health,
        connection: { ...health.connection, ...connection },
        writes: { ...health.writes, ...writes },
      };
      changes.emit('change');
    },
    slots: async (sessionId) => [...thread(sessionId).values()],
    async retry(sessionId, name) {
      const slot = thread(sessionId).get(name);
      if (!slot) return false;
      show(sessionId, sentSlot(slot));
      return true;
    },
    rebuild,
    async rebuildAll() {
      for (const sessionId of threads.keys()) await rebuild(sessionId);
      return threads.size;
    },
    health: async () => {
      const stuck = [...threads].flatMap(stuckOf);
      return { ...health, stuckCount: stuck.length, stuck };
    },
    onChange(listener) {
      changes.on('change', listener);
      return () => void changes.off('change', listener);
    },
  };
}

function stuckOf([sessionId, slots]: readonly [SessionId, ReadonlyMap<string, SlotDelivery>]) {
  return [...slots.values()].flatMap(({ slot, state, problem }) =>
    state === 'stuck' && problem ? [{ sessionId, slot, code: problem.code, at: problem.at }] : [],
  );
}

/** A slot that Slack has as it should be. */
export function sentSlot(slot: Pick<SlotDelivery, 'slot' | 'wanted'> & Partial<SlotDelivery>): SlotDelivery {
  return {
    channel: 'C0SHOP',
    ts: '1700000009.000200',
    tries: 1,
    ...slot,
    state: 'sent',
    sent: slot.wanted,
    sentAt: new Date().toISOString(),
    problem: null,
  };
}

/** A slot that Slack does not take. */
export function stuckSlot(slot: Pick<SlotDelivery, 'slot' | 'wanted'> & Partial<SlotDelivery>): SlotDelivery {
  return {
    channel: 'C0SHOP',
    ts: null,
    tries: 3,
    sent: null,
    sentAt: null,
    ...slot,
    state: 'stuck',
    problem: {
      code: 'is_archived',
      sentence: 'The channel is archived. Unarchive it, and the message is sent by itself.',
      at: new Date(Date.now() - 4 * 60_000).toISOString(),
    },
  };
}
