import { describe, expect, it } from 'vitest';
import { sentSlot, stuckSlot } from '../../testing/fake-delivery.ts';
import { byUrgency, slackHas, slotCalls, slotName, slotState } from './slot-words.ts';

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
    ['held/trn_1/7', 'Held follow-ups'],
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

  const sent = sentSlot({ slot: 'turn/trn_a/card', wanted: 'Working on it', tries: 8 });
  const stuck = stuckSlot({ slot: 'turn/trn_a/final', wanted: 'Done' });
  const waiting = { ...sent, state: 'waiting' } as const;

  it('has what it should once it was sent, not already when its words are the same', () => {
    expect(slackHas(sent)).toBe('Slack has what it should');
    expect(slackHas(waiting)).toBe('Same words; the message itself is older');
    expect(slackHas({ ...waiting, sent: 'Starting' })).toBe('Slack has');
    expect(slackHas(stuck)).toBe('Nothing yet');
    expect(slackHas({ ...waiting, sent: null, tries: 0, ts: null })).toBe('Not looked yet');
  });

  it('counts edits as writing, and tries where one failed', () => {
    expect([slotCalls(sent), slotCalls({ ...sent, tries: 1 }), slotCalls({ ...sent, tries: 0 })]).toEqual([
      'written 8 times',
      'written once',
      null,
    ]);
    expect(slotCalls(stuck)).toBe('3 tries');
  });

  it('that needs somebody stands first, then what waits', () => {
    const shown = [sent, waiting, stuck].map((slot) => ({ slot }));
    expect(byUrgency(shown).map(({ slot }) => slot.state)).toEqual(['stuck', 'waiting', 'sent']);
  });
});
