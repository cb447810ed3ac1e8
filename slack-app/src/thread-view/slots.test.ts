import fc from 'fast-check';
import { type Entry, fold } from 'orchestrator/domain';
import { entryArbitrary, type History, historyArbitrary } from 'orchestrator/testing/histories';
import { describe, expect, it } from 'vitest';
import { foldEntry } from './fold.ts';
import { slots } from './slots.ts';
import { emptyThread, isSettled, type ThreadState } from './thread-state.ts';

const BEGAN = Date.parse('2026-11-24T10:00:00.000Z');

/** What the thread of a history shows, with one entry a second. */
function shown(entries: History['entries'] | readonly Pick<Entry, 'actor' | 'event'>[]): ThreadState {
  return entries
    .map((entry, index): Entry => {
      const at = new Date(BEGAN + index * 1_000).toISOString();
      return { sessionId: 'ses_1', seq: index + 1, at, ...entry };
    })
    .reduce(foldEntry, emptyThread('ses_1'));
}

function keys(state: ThreadState): readonly string[] {
  const context = { now: BEGAN, sessionUrl: 'http://127.0.0.1:4000/x', modelLabel: null, patches: new Map() };
  return slots(state, context).map(({ key }) => key);
}

describe('the messages of a thread, whatever happens in its session', () => {
  it('have a name each', () => {
    const entries = fc.oneof(
      historyArbitrary.map((history) => history.entries),
      fc.array(entryArbitrary, { maxLength: 80 }),
    );
    fc.assert(
      fc.property(entries, (all) => {
        const names = keys(shown(all));
        expect(new Set(names).size, names.join('\n')).toBe(names.length);
      }),
    );
  });

  it('say of each turn what the domain says', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ entries }) => {
        const state = fold(entries);
        if (state.status === 'unopened') return;
        const thread = shown(entries);
        const withStatus = (...statuses: readonly string[]) =>
          thread.turns.filter(({ status }) => statuses.includes(status)).map(({ turnId }) => turnId);
        const ids = (turns: readonly { readonly turnId: string }[]) =>
          turns.map(({ turnId }) => turnId).sort();
        const atWork = state.status === 'running' || state.status === 'waiting' ? [state.turn] : [];
        expect(withStatus('running', 'waiting')).toEqual(ids(atWork));
        expect([...withStatus('queued')].sort()).toEqual(ids(state.queue));
        expect([...withStatus('held')].sort()).toEqual(ids(state.held));
        expect(thread.lastSettled).toBe(state.lastSettled);
        expect(thread.publishing).toBe(state.publishing !== null);
        const open = thread.questions.filter((question) => question.state === 'open');
        expect(open.map(({ questionId }) => questionId)).toEqual(
          state.status === 'running' && state.question ? [state.question.questionId] : [],
        );
      }),
    );
  });

  it('hold a card for every turn that is not over, and a last word for the twenty that ended last', () => {
    fc.assert(
      fc.property(historyArbitrary, ({ entries }) => {
        const thread = shown(entries);
        const names = new Set(keys(thread));
        for (const turn of thread.turns)
          if (!isSettled(turn)) expect(names).toContain(`turn/${turn.turnId}/card`);
        const finals = [...names].filter((name) => name.endsWith('/final'));
        expect(finals).toHaveLength(Math.min(20, thread.turns.filter(isSettled).length));
      }),
    );
  });
});
