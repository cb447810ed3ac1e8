import { describe, expect, it } from 'vitest';
import { ago, dayName, formatSlackDate } from './slack-date.ts';

const now = new Date(2026, 10, 23, 14, 2, 9);
const seconds = Math.floor(now.getTime() / 1000);

describe('dates', () => {
  it('fills the format of a date', () => {
    expect(formatSlackDate(seconds, '{date_num} {time_secs}, {date}, {date_short}', now)).toBe(
      '2026-11-23 14:02:09, November 23, 2026, Nov 23, 2026',
    );
  });

  it('says today and yesterday where the format is a pretty one', () => {
    expect(formatSlackDate(seconds, '{date_pretty} at {time}', now)).toBe('today at 14:02');
    expect(formatSlackDate(seconds - 86_400, '{date_short_pretty}', now)).toBe('yesterday');
    expect(dayName(new Date(2026, 10, 20), now)).toBe('Friday, November 20');
  });

  it('leaves a token that it does not know', () => {
    expect(formatSlackDate(seconds, '{nope} {constructor}', now)).toBe('{nope} {constructor}');
  });

  it.each([
    [10_000, 'just now'],
    [240_000, '4 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [86_400_000, '1 day ago'],
    [-240_000, 'in 4 min'],
  ])('tells how long ago %i ms are', (elapsed, words) => {
    expect(ago(elapsed)).toBe(words);
  });
});
