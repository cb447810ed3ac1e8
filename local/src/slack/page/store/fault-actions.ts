import type { CallLine, FaultOrder } from '../../page-api.ts';
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
    const before = new Set(heardCalls(cell.get()));
    try {
      const { calls } = await api.latestCalls(keptCalls);
      cell.update((state) => {
        // What came while they were loaded may be newer than the answer. What was there before is not kept: the
        // numbers of another start of the workspace say nothing about these.
        const meanwhile = heardCalls(state).filter((call) => !before.has(call));
        return { ...state, calls: mergeCalls(meanwhile, calls) };
      });
    } catch {
      cell.update((state) => ({ ...state, calls: 'failed' }));
    }
  }

  /** The same, once they could not be loaded. */
  function loadCallsAgain(): Promise<void> {
    cell.update((state) => ({ ...state, calls: null }));
    return loadCalls();
  }

  return { orderFault, loadCalls, loadCallsAgain };
}

function heardCalls({ calls }: State): readonly CallLine[] {
  return calls === 'failed' ? [] : (calls ?? []);
}
