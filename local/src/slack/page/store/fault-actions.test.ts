import { describe, expect, it } from 'vitest';
import type { CallLine, FaultOrder } from '../../page-api.ts';
import { createCell } from './cell.ts';
import { createFaultActions } from './fault-actions.ts';
import { applyEvent } from './reduce.ts';
import { initialState } from './state.ts';

const call = (id: number): CallLine => ({
  ...{ id, method: 'auth.test', at: 0, tookMs: 0, args: {}, status: 200, error: null },
  ...{ retryAfterSeconds: null, isDropped: false, isFault: false },
});

/** A server that refuses with `refusal` when there is one. */
function given({ refusal = null, calls = [] }: { refusal?: string | null; calls?: CallLine[] }) {
  const orders: FaultOrder[] = [];
  const cell = createCell(initialState({ page: 'faults', tab: 'faults' }));
  const api = {
    orderFault: async (order: FaultOrder) => {
      if (refusal !== null) throw new Error(refusal);
      orders.push(order);
    },
    latestCalls: async () => {
      if (refusal !== null) throw new Error(refusal);
      // This one happens while the answer is on its way.
      cell.update((state) =>
        applyEvent({ ...state, calls: state.calls ?? [] }, { type: 'calls', calls: [call(9)] }),
      );
      return { calls };
    },
  };
  return { orders, cell, ...createFaultActions({ cell, api }) };
}

describe('making the workspace misbehave', () => {
  it('gives the order and says that it was taken', async () => {
    const { orders, cell, orderFault } = given({});

    expect(await orderFault({ down: true }, 'Down.')).toBe(true);

    expect(orders).toEqual([{ down: true }]);
    expect(cell.get().toast).toBe('Down.');
  });

  it('says why an order was refused', async () => {
    const { cell, orderFault } = given({ refusal: 'fault_not_found' });

    expect(await orderFault({ remove: 'call-1' })).toBe(false);

    expect(cell.get().toast).toBe('That fault is over already.');
  });

  it('puts the calls that were made together with those that are made meanwhile', async () => {
    const { cell, loadCalls } = given({ calls: [call(8), call(7)] });

    await loadCalls();

    expect(cell.get().calls).toEqual([call(9), call(8), call(7)]);
  });

  it('forgets the calls of a workspace that was started anew: its numbers begin again', async () => {
    const { cell, loadCalls } = given({ calls: [call(2), call(1)] });
    cell.update((state) => ({ ...state, calls: [call(5_001), call(5_000)] }));

    await loadCalls();

    expect(cell.get().calls).toEqual([call(9), call(2), call(1)]);
  });

  it('says that the calls could not be loaded, and loads them when asked again', async () => {
    const refused = given({ refusal: 'The workspace cannot be reached.' });

    await refused.loadCalls();

    expect(refused.cell.get().calls).toBe('failed');
    const { cell, loadCallsAgain } = given({ calls: [call(8)] });
    cell.update((state) => ({ ...state, calls: 'failed' }));
    await loadCallsAgain();
    expect(cell.get().calls).toEqual([call(9), call(8)]);
  });
});
