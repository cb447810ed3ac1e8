import { describe, expect, it } from 'vitest';
import { emojiNamesLike, emojiOf, pickerEmoji } from './emoji.ts';

describe('emoji', () => {
  it('knows every emoji of the picker', () => {
    expect(pickerEmoji.filter((name) => emojiOf(name) === null)).toEqual([]);
  });

  it('knows names as Slack says them', () => {
    expect(emojiOf('octagonal_sign')).toBe('🛑');
    expect(emojiOf('+1::skin-tone-3')).toBe('👍🏼');
  });

  it('knows nothing of what is not an emoji', () => {
    expect(emojiOf('constructor')).toBeNull();
    expect(emojiOf('')).toBeNull();
  });

  it('finds names by their beginning', () => {
    expect(emojiNamesLike('rocke', 3)).toEqual(['rocket']);
  });
});
