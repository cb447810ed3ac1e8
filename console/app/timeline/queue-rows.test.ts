import { fold, type SessionEvent } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { opening, runStart, sceneIds, working } from '../../testing/scene.ts';
import { withQueue } from './queue-rows.ts';
import { timelineOf } from './timeline.ts';

const ids = sceneIds('one');
const request = (number: number): { event: SessionEvent } => ({
  event: { type: 'turn.requested', turnId: ids.turn(number), text: `and ${number}` },
});

/** The rows at the end, when only the entries from a position on are loaded. */
function shownFrom(from: number, moments: Parameters<typeof entriesOf>[0]) {
  const entries = entriesOf(moments);
  const state = fold(entries);
  if (state.status === 'unopened') throw new Error('no session');
  return withQueue(timelineOf(entries.slice(from)), state).filter((item) => item.kind === 'turn');
}

describe('the turns in line', () => {
  const begun = [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)];

  it('are shown though they were requested before what is loaded', () => {
    const moments = [...begun, request(2), ...working(ids), request(3)];
    const rows = shownFrom(moments.length - 2, moments);
    expect(rows).toMatchObject([
      { turnId: ids.turn(2), state: 'queued', text: 'and 2', at: null },
      { turnId: ids.turn(3), state: 'queued', at: expect.any(String) },
    ]);
  });

  it('stand there once', () => {
    const rows = shownFrom(0, [...begun, request(2), request(3)]);
    expect(rows.map((row) => row.turnId)).toEqual([1, 2, 3].map(ids.turn));
  });
});
