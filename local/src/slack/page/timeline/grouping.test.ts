import { describe, expect, it } from 'vitest';
import type { Message } from '../../page-api.ts';
import { groupMessages } from './grouping.ts';

const noon = new Date(2026, 10, 23, 12).getTime() / 1000;

function message(at: number, more: Partial<Message> = {}): Message {
  return {
    channel: 'C1',
    ts: `${noon + at}.000000`,
    user: 'U1',
    text: '',
    reactions: [],
    replyCount: 0,
    replyUsers: [],
    ...more,
  };
}

/** `d` for a day, `m` for a message with its name, `c` for one without. */
function shape(messages: readonly Message[]): string {
  return groupMessages(messages)
    .map((row) => (row.kind === 'day' ? 'd' : { true: 'c', false: 'm' }[`${row.compact}`]))
    .join('');
}

describe('grouping of messages', () => {
  it('shows the name once for what one person says in a row', () => {
    expect(shape([message(0), message(10), message(20, { user: 'U2' }), message(30)])).toBe('dmcmm');
  });

  it('shows the name again after five minutes', () => {
    expect(shape([message(0), message(299), message(599)])).toBe('dmcm');
  });

  it('draws a line where a new day begins', () => {
    expect(shape([message(0), message(12 * 3600 + 5)])).toBe('dmdm');
  });

  it('starts anew after a root with replies and at what only one person sees', () => {
    expect(shape([message(0, { replyCount: 2 }), message(1), message(2, { ephemeralFor: 'U1' })])).toBe(
      'dmmm',
    );
  });

  it('makes nothing of nothing', () => {
    expect(groupMessages([])).toEqual([]);
  });
});
