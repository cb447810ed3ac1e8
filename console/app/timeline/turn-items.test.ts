import type { Actor, SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { opening, runStart, sceneIds, working } from '../../testing/scene.ts';
import { timelineOf } from './timeline.ts';

const ids = sceneIds('one');
const [run1, run2] = [ids.run(1), ids.run(2)];
const asked = opening(ids, 'Fix it', 'Fix the total');
const BO: Actor = { kind: 'member', id: 'U0BO', name: 'Bo' };

describe('turns in the timeline', () => {
  const followUp: SessionEvent = { type: 'turn.requested', turnId: ids.turn(2), text: 'And then this' };
  const held: SessionEvent = { type: 'queue.held', turnIds: [ids.turn(2)] };
  const stopped: SessionEvent = { type: 'run.stopped', runId: run1, by: BO };

  it('leaves out what is held, and shows it in line again when it is let go', () => {
    const stopping = [
      ...asked,
      ...runStart(ids, 1),
      { event: followUp },
      { actor: BO, event: { type: 'run.stop_requested', runId: run1 } as const },
      { actor: BO, event: held },
    ];
    const turns = (moments: Parameters<typeof entriesOf>[0]) =>
      timelineOf(entriesOf(moments)).filter((item) => item.kind === 'turn');
    expect(turns(stopping)).toMatchObject([{ state: 'stopping' }]);
    const released: SessionEvent = { type: 'queue.released', turnIds: [ids.turn(2)] };
    expect(turns([...stopping, { event: stopped }, { event: released }])).toMatchObject([
      { state: 'stopped', endedBy: BO },
      { state: 'queued', turnId: ids.turn(2) },
    ]);
  });

  it('shows a turn that was cancelled where that happened, and who did it', () => {
    const cancelled = { actor: BO, event: { type: 'turn.cancelled', turnId: ids.turn(2) } as const };
    const items = timelineOf(
      entriesOf([...asked, ...runStart(ids, 1), { event: followUp }, cancelled, { event: stopped }]),
    );
    expect(items.slice(-2)).toMatchObject([
      { kind: 'turn', state: 'cancelled', endedBy: BO },
      { kind: 'outcome' },
    ]);
  });

  it('tells with the last outcome of a turn why each try before has failed', () => {
    const retried: SessionEvent = {
      type: 'run.failed',
      runId: run1,
      code: 'run.lost',
      detail: '',
      retryAt: '2026-01-01T10:00:09.000Z',
    };
    const items = timelineOf(
      entriesOf([
        ...asked,
        ...runStart(ids, 1),
        { event: retried },
        ...runStart(ids, 2),
        { event: { type: 'run.finished', runId: run2, summary: 'Done' } },
      ]),
    );
    expect(items.at(-1)).toMatchObject({ attempt: 2, setbacks: [{ attempt: 1, code: 'run.lost' }] });
    expect(items[0]).toMatchObject({ kind: 'turn', state: 'finished', attempt: 2 });
  });

  it('counts nothing twice when a turn is stopped between two tries', () => {
    const retryAt = '2026-01-01T10:00:09.000Z';
    const failed: SessionEvent = {
      type: 'run.failed',
      runId: run1,
      code: 'sandbox.gone',
      detail: '',
      retryAt,
    };
    const items = timelineOf(
      entriesOf([...asked, ...runStart(ids, 1), ...working(ids), { event: failed }, { event: stopped }]),
    );
    const [try1, end] = items.filter((item) => item.kind === 'outcome');
    expect(try1?.costUsd).toBeGreaterThan(0);
    expect(end).toMatchObject({ costUsd: 0, durationMs: null, by: BO });
  });

  it('tells what became of the wish to discard with the stop that it is about', () => {
    const turnId = ids.turn(1);
    const discard = (...events: readonly SessionEvent[]) => {
      const begun = [...asked, ...runStart(ids, 1), { event: stopped }];
      const wish = { actor: BO, event: { type: 'work.discard_requested', turnId } as const };
      const items = timelineOf(entriesOf([...begun, wish, ...events.map((event) => ({ event }))]));
      const last = items.at(-1);
      return last?.kind === 'outcome' ? last.discard : null;
    };
    expect(discard()).toEqual({ state: 'asked', by: BO, code: null });
    expect(discard({ type: 'work.discarded', turnId, headSha: 'a' })).toEqual({
      state: 'done',
      by: BO,
      code: null,
    });
    expect(discard({ type: 'work.discard_failed', turnId, code: 'sandbox.gone', detail: '' })).toMatchObject({
      state: 'failed',
      code: 'sandbox.gone',
    });
  });

  it('shows a request in the words that it was put in last, and that it was edited', () => {
    const amended: SessionEvent = { type: 'turn.amended', turnId: ids.turn(2), text: 'And then that' };
    const turns = (...events: readonly SessionEvent[]) =>
      timelineOf(entriesOf([...asked, ...runStart(ids, 1), ...events.map((event) => ({ event }))])).filter(
        (item) => item.kind === 'turn',
      );
    const edited = { turnId: ids.turn(2), text: 'And then that', edited: true };
    expect(turns(followUp, amended)).toMatchObject([{ edited: false }, { ...edited, state: 'queued' }]);
    expect(turns(followUp, held, amended, { type: 'queue.released', turnIds: [ids.turn(2)] })).toMatchObject([
      { turnId: ids.turn(1) },
      edited,
    ]);
    // Where the request itself is not loaded, there is nothing to put in other words.
    expect(turns(amended)).toHaveLength(1);
  });

  it('names nobody where the message that asked was deleted', () => {
    const deleted: SessionEvent = { type: 'turn.cancelled', turnId: ids.turn(2), reason: 'message_deleted' };
    const items = timelineOf(entriesOf([...asked, { event: followUp }, { event: deleted }]));
    expect(items.find((item) => item.kind === 'turn' && item.state === 'cancelled')).toMatchObject({
      endedBy: null,
    });
  });
});
