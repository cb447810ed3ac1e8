import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  fileSize,
  modelName,
  money,
  placeHint,
  placeName,
  playTime,
  relativeTime,
} from './words.ts';

describe('the words of the console', () => {
  it.each([
    [340, '340 ms'],
    [4_200, '4.2 s'],
    [59_600, '1 min 0 s'],
    [192_000, '3 min 12 s'],
    [3 * 3_600_000 + 60_000, '3 h 1 min'],
    [5 * 86_400_000, '5 days'],
  ])('write %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('say how long ago something was', () => {
    expect([10_000, 240_000, 7_200_000, 90_000_000].map((ms) => relativeTime(0, ms))).toEqual([
      'just now',
      '4 min ago',
      '2 h ago',
      'yesterday',
    ]);
  });

  it('show small sums with the digits that matter', () => {
    expect([0, 0.0123, 1.5].map(money)).toEqual(['$0.00', '$0.0123', '$1.50']);
  });

  it('say where a run works, and warn where nothing keeps it apart', () => {
    expect(placeName({ provider: 'local', isolation: 'none' })).toBe('on this machine, not isolated');
    expect(placeName({ provider: 'daytona', isolation: 'container' })).toBe('at daytona, in a container');
    expect(placeHint('none')).toContain('rights of the account');
    expect(placeHint('namespace')).toBeNull();
  });

  it('count, measure and name', () => {
    expect([count(1, 'file'), count(1200, 'entry', 'entries')]).toEqual(['1 file', '1,200 entries']);
    expect([fileSize(20), fileSize(5_120), fileSize(3_000_000)]).toEqual(['20 B', '5 kB', '2.9 MB']);
    expect(playTime(65_400)).toBe('1:05');
    expect(modelName('demo/scripted')).toBe('scripted demo model');
  });
});
