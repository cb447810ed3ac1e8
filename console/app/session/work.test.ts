import { type Actor, fold, type SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { opening, runStart, sceneIds, working } from '../../testing/scene.ts';
import { heldGroups, isWholeWork, NO_WORK, setbacksOf, workAfter } from './work.ts';

const ids = sceneIds('one');
const ANA: Actor = { kind: 'member', id: 'U0ANA', name: 'Ana' };
const BO: Actor = { kind: 'member', id: 'U0BO', name: 'Bo' };

type Moments = Parameters<typeof entriesOf>[0];

const request = (number: number) => ({
  event: { type: 'turn.requested', turnId: ids.turn(number), text: `and ${number}` } as const,
});
const hold = (actor: Actor, ...numbers: readonly number[]) => {
  const event: SessionEvent = { type: 'queue.held', turnIds: numbers.map(ids.turn) };
  return { actor, event };
};
const failed = (run: number, retryAt: string | null = '2026-01-01T11:00:00.000Z') => ({
  event: { type: 'run.failed', runId: ids.run(run), code: 'run.lost', detail: '', retryAt } as const,
});
const begun = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)];

/** What is known when only the end of a log is read, from this entry on. */
function knownOf(moments: Moments, from = 0) {
  const entries = entriesOf(moments);
  const state = fold(entries);
  if (state.status === 'unopened') throw new Error('no session');
  const read = entries.slice(from);
  const work = read.reduce(workAfter, NO_WORK);
  return { state, work, isWhole: isWholeWork(state, work, read) };
}

describe('the work on a session', () => {
  it('knows every try of the current turn and why it failed', () => {
    const { work } = knownOf([...begun, failed(1), ...runStart(ids, 2)]);
    expect(work.current).toMatchObject({ turnId: ids.turn(1), tries: [{ attempt: 1 }, { attempt: 2 }] });
    expect(work.current && setbacksOf(work.current)).toMatchObject([{ attempt: 1, code: 'run.lost' }]);
    expect(work.ended).toBeNull();
  });

  it('knows the turn that ended last, while another one runs too', () => {
    const stopped: SessionEvent = { type: 'run.stopped', runId: ids.run(1) };
    const { work } = knownOf([...begun, request(2), { event: stopped }, ...runStart(ids, 2, 2)]);
    expect(work).toMatchObject({ ended: { turnId: ids.turn(1) }, current: { turnId: ids.turn(2) } });
    expect(knownOf([...begun, failed(1, null)]).work).toMatchObject({
      current: null,
      ended: { turnId: ids.turn(1) },
    });
  });

  it('asks about the follow-ups of each stop by themselves', () => {
    const { state, work } = knownOf([
      ...begun,
      request(2),
      request(3),
      hold(ANA, 2, 3),
      request(4),
      hold(BO, 4),
      { event: { type: 'turn.cancelled', turnId: ids.turn(3) } },
    ]);
    const groups = heldGroups(state.held, work).map(({ by, turns }) => ({
      by,
      turns: turns.map((turn) => turn.turnId),
    }));
    expect(groups).toEqual([
      { by: ANA, turns: [ids.turn(2)] },
      { by: BO, turns: [ids.turn(4)] },
    ]);
  });

  it('forgets a hold when its follow-ups go on', () => {
    const released: SessionEvent = { type: 'queue.released', turnIds: [ids.turn(2)] };
    const { state, work } = knownOf([...begun, request(2), hold(ANA, 2), { event: released }]);
    expect([work.holds, heldGroups(state.held, work)]).toEqual([[], []]);
  });

  it('shows what is held though nobody is known to have held it', () => {
    const moments = [...begun, request(2), hold(ANA, 2), ...working(ids)];
    const { state, work, isWhole } = knownOf(moments, moments.length - 3);
    expect(isWhole).toBe(false);
    expect(heldGroups(state.held, work)).toMatchObject([{ by: null, turns: [{ turnId: ids.turn(2) }] }]);
  });

  it('is whole only when the log is read from the first try on', () => {
    const running = [...begun, failed(1), ...runStart(ids, 2)];
    const second = begun.length + 1;
    expect([0, 2, second].map((from) => knownOf(running, from).isWhole)).toEqual([true, true, false]);
    const over = [...begun, { event: { type: 'run.stopped', runId: ids.run(1) } as const }];
    expect([0, over.length - 1].map((from) => knownOf(over, from).isWhole)).toEqual([true, false]);
    expect(knownOf(opening(ids, 'Fix it', 'Fix the total')).isWhole).toBe(true);
  });
});
