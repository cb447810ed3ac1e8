import { describe, expect, it } from 'vitest';
import { slotName, slotState } from './slot-words.ts';

describe('a slot', () => {
  const turns = ['trn_a', 'trn_b'] as const;

  it.each([
    ['turn/trn_a/card', 'Card of turn 1'],
    ['turn/trn_b/final', 'Result of turn 2'],
    ['turn/trn_gone/final', 'Result'],
    ['turn/trn_b/final/told', 'Result of turn 2, told in person'],
    ['question/que_1', 'Question'],
    ['evidence/art_1', 'Evidence'],
    ['pull-request/7', 'Pull request #7'],
    ['held/trn_a', 'Held follow-ups'],
    ['turn/trn_a/of-a-newer-version', 'turn/trn_a/of-a-newer-version'],
    ['of-a-newer-version/1', 'of-a-newer-version/1'],
  ])('%s is called “%s”', (slot, name) => {
    expect(slotName(slot, turns)).toBe(name);
  });

  it('that waits tells a first message, an edit and another try apart', () => {
    const problem = {
      code: 'internal_error',
      sentence: 'Slack had a problem.',
      at: '2026-01-01T10:00:00.000Z',
    };
    expect(slotState({ state: 'waiting', sent: null, problem: null }).label).toBe('Waits to be sent');
    expect(slotState({ state: 'waiting', sent: 'old', problem: null }).label).toBe('Edit waits');
    expect(slotState({ state: 'waiting', sent: 'old', problem }).label).toBe('Will try again');
    expect(slotState({ state: 'stuck', sent: null, problem }).color).toBe('red');
  });
});
