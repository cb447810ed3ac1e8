import type { SessionEvent } from 'orchestrator/domain';
import { expect, it } from 'vitest';
import { wordsFor } from './step-words.ts';

it.each<[SessionEvent, string]>([
  [
    { type: 'turn.requested', turnId: 'trn_1', text: '<thread>\nBo: it broke\n</thread>\n\nfix it' },
    'Asked: fix it',
  ],
  [{ type: 'turn.amended', turnId: 'trn_1', text: 'fix that' }, 'Edited: fix that'],
  [{ type: 'turn.cancelled', turnId: 'trn_1' }, 'Request cancelled'],
  [
    { type: 'turn.cancelled', turnId: 'trn_1', reason: 'message_deleted' },
    'Request cancelled, its message was deleted',
  ],
  [{ type: 'queue.held', turnIds: ['trn_1'] }, 'Queue held'],
])('a step of the replay says what was asked, and what became of it: %j', (event, words) => {
  expect(wordsFor(event)).toBe(words);
});
