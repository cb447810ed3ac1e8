import type { FaultOrder } from '../../page-api.ts';
import type { Api } from '../api.ts';
import type { Cell } from './cell.ts';
import { sentence } from './message-actions.ts';
import { keptCalls, mergeCalls } from './reduce.ts';
import type { State } from './state.ts';

type FaultCalls = Pick<Api, 'orderFault' | 'latestCalls'>;

/** Making the workspace misbehave, and seeing what the app asks of it. */
export function createFaultActions({ cell, api }: { cell: Cell<State>; api: FaultCalls }) {
  const say = (toast: string) => cell.update((state) => ({ ...state, toast }));

  /** Gives one order; says whether it was taken. `done` is what the person is told then. */
  async function orderFault(order: FaultOrder, done: string | null = null): Promise<boolean> {
    try {
      await api.orderFault(order);
      if (done !== null) say(done);
      return true;
    } catch (error) {
      const text = sentence(error);
      say(text === 'fault_not_found' ? 'That fault is over already.' : text);
      return false;
    }
  }

  /** Loads the last calls; from then on events keep them fresh. */
  async function loadCalls(): Promise<void> {
    try {
      const { calls } = await api.latestCalls(keptCalls);
      // What came while they were loaded may be newer than the answer.
      cell.update((state) => ({ ...state, calls: mergeCalls(state.calls ?? [], calls) }));
    } catch (error) {
      say(sentence(error));
    }
  }

  return { orderFault, loadCalls };
}
