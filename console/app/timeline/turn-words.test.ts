import { type Actor, fold } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../testing/entries.ts';
import { opening, runStart, sceneIds } from '../../testing/scene.ts';
import type { TurnItem } from './items.ts';
import { tryName, turnStanding } from './turn-words.ts';

const ids = sceneIds('one');
const BO: Actor = { kind: 'member', id: 'U0BO', name: 'Bo' };

function stateAfter(...more: Parameters<typeof entriesOf>[0]) {
  const state = fold(entriesOf([...opening(ids, 'Fix it', 'Fix the total'), ...more]));
  if (state.status === 'unopened') throw new Error('no session');
  return state;
}

const request = (number: number) => ({
  event: { type: 'turn.requested', turnId: ids.turn(number), text: `and ${number}` } as const,
});

function turn(number: number, facts: Partial<TurnItem>): TurnItem {
  return {
    key: '1',
    seq: 1,
    at: '2026-01-01T10:00:00.000Z',
    kind: 'turn',
    turnId: ids.turn(number),
    text: 'x',
    edited: false,
    by: BO,
    state: 'queued',
    attempt: 0,
    endedBy: null,
    ...facts,
  };
}

describe('where a turn stands', () => {
  it('is its place in line, counted like in its thread', () => {
    const running = stateAfter(...runStart(ids, 1), request(2), request(3));
    expect([2, 3].map((number) => turnStanding(turn(number, {}), running))).toEqual([
      'Waiting, 1st in line',
      'Waiting, 2nd in line',
    ]);
    expect(turnStanding(turn(1, {}), stateAfter())).toBe('Starting');
  });

  it('names who, or what, ended it before its time', () => {
    const state = stateAfter();
    expect(turnStanding(turn(1, { state: 'stopped', endedBy: BO }), state)).toBe('Stopped by Bo');
    expect(turnStanding(turn(1, { state: 'cancelled', endedBy: BO }), state)).toBe('Cancelled by Bo');
    expect(turnStanding(turn(1, { state: 'cancelled' }), state)).toBe('Cancelled, its message was deleted');
  });

  it('tells how often it was tried', () => {
    const state = stateAfter();
    const told = (facts: Partial<TurnItem>) => turnStanding(turn(1, facts), state);
    expect(told({ state: 'running', attempt: 1 })).toBe('In work');
    expect(told({ state: 'running', attempt: 2 })).toBe('In work, try 2 of 5');
    expect(told({ state: 'retrying', attempt: 2 })).toBe('Will retry, try 3 of 5');
    expect(told({ state: 'failed', attempt: 5 })).toBe('Failed after 5 tries');
    expect(tryName(7)).toBe('try 7 of 7');
  });
});
