import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryArbitrary, historyArbitrary } from '../testing/histories.ts';
import {
  type Fact,
  fold,
  isRefused,
  QUEUE_LIMIT,
  RETRY_WAITS_MS,
  type SessionState,
  type TurnId,
  UNOPENED,
} from './index.ts';

const STATUSES: readonly SessionState['status'][] = ['unopened', 'idle', 'running', 'waiting', 'closed'];

/** The turns that are over after these events, each time that they are. */
function settledTurns(events: readonly Fact[]): readonly TurnId[] {
  const turnOf = new Map(
    events.flatMap((event) => (event.type === 'run.started' ? [[event.runId, event.turnId] as const] : [])),
  );
  return events.flatMap((event) => {
    switch (event.type) {
      case 'turn.cancelled':
        return [event.turnId];
      case 'run.failed':
        return event.retryAt === null ? [turnOf.get(event.runId) ?? 'trn_unknown'] : [];
      case 'run.finished':
      case 'run.stopped':
        return [turnOf.get(event.runId) ?? 'trn_unknown'];
      default:
        return [];
    }
  });
}

function openTurns(state: SessionState): readonly TurnId[] {
  if (state.status === 'unopened') return [];
  const current = state.status === 'running' || state.status === 'waiting' ? [state.turn] : [];
  return [...current, ...state.queue, ...state.held].map((turn) => turn.turnId);
}

describe('evolve', () => {
  it('takes any event in any state and leaves a state that makes sense', () => {
    fc.assert(
      fc.property(fc.array(entryArbitrary, { maxLength: 60, size: 'max' }), (entries) => {
        const state = fold(entries);
        expect(STATUSES).toContain(state.status);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        const open = openTurns(state);
        expect(new Set(open).size).toBe(open.length);
      }),
    );
  });

  it('goes on from any point as if it had been there from the start', () => {
    fc.assert(
      fc.property(fc.array(entryArbitrary, { maxLength: 60, size: 'max' }), fc.nat(60), (entries, at) => {
        const half = fold(entries.slice(0, at));
        expect(fold(entries.slice(at), half)).toEqual(fold(entries));
      }),
    );
  });

  it('never changes the state that it was given', () => {
    fc.assert(
      fc.property(fc.array(entryArbitrary, { maxLength: 30 }), entryArbitrary, (entries, next) => {
        const before = fold(entries);
        const copy = structuredClone(before);
        fold([next], before);
        expect(before).toEqual(copy);
      }),
    );
  });
});

describe('any history that was decided', () => {
  it('folds from each of its prefixes, and comes out the same', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps, entries }) => {
        let written = 0;
        for (const { decision, after } of steps) {
          written += isRefused(decision) ? 0 : decision.events.length;
          expect(fold(entries.slice(0, written))).toEqual(after);
        }
      }),
    );
  });

  it('ends each turn at most once, and has it open until then', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps, entries }) => {
        const events = entries.map((entry) => entry.event);
        const settled = settledTurns(events);
        const requested = events.flatMap((event) => (event.type === 'turn.requested' ? [event.turnId] : []));
        const open = openTurns(steps.at(-1)?.after ?? UNOPENED);
        expect([...settled, ...open].toSorted()).toEqual(requested.toSorted());
      }),
    );
  });

  it('tries a turn again as often as there are waits, and not after somebody stopped it', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const { after, before, command } of steps) {
          if (after.status === 'running')
            expect(after.attempt).toBeLessThanOrEqual(RETRY_WAITS_MS.length + 1);
          if (before.status === 'running' && before.stopRequestedBy && command.type === 'fail_run')
            expect(after.status).not.toBe('waiting');
        }
      }),
    );
  });

  it('never lets more requests wait than the limit', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const { after } of steps)
          if (after.status !== 'unopened') expect(after.queue.length).toBeLessThanOrEqual(QUEUE_LIMIT);
      }),
    );
  });

  it('never begins a held turn that nobody let go on', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const { before, after, command } of steps) {
          if (before.status === 'unopened' || after.status !== 'running') continue;
          if (command.type !== 'start_run') continue;
          expect(before.held).toEqual(after.held);
          expect(before.held.map((turn) => turn.turnId)).not.toContain(after.turn.turnId);
        }
      }),
    );
  });

  it('offers to discard only what was stopped last', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps, entries }) => {
        const state = steps.at(-1)?.after ?? UNOPENED;
        if (state.status === 'unopened' || !state.discardable) return;
        const last = entries.findLast(({ event }) => event.type.startsWith('run.'));
        expect(last?.event.type).toBe('run.stopped');
      }),
    );
  });

  it('changes nothing when a command was refused', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ steps }) => {
        for (const { decision, before, after } of steps) if (isRefused(decision)) expect(after).toBe(before);
      }),
    );
  });
});
