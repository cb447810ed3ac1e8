import { describe, expect, it } from 'vitest';
import { audienceOf, type Post } from './post.ts';

const BOT = 'UBOT';
const post = (overrides: Partial<Post>): Post => ({
  channel: 'C1',
  ts: '2.0',
  user: 'U1',
  text: 'hello',
  ...overrides,
});
const audience = (overrides: Partial<Post>) => audienceOf(post(overrides), BOT);

describe('a post', () => {
  it('is for us when it mentions us or is a direct message', () => {
    expect(audience({ text: '<@UBOT> fix it' })).toBe('us');
    expect(audience({ text: '<@U2> and <@UBOT|deckhand> fix it', thread_ts: '1.0' })).toBe('us');
    expect(audience({ channel: 'D1', channel_type: 'im' })).toBe('us');
  });

  it('may be for us as a reply, unless it begins with somebody else', () => {
    expect(audience({ thread_ts: '1.0' })).toBe('thread');
    expect(audience({ thread_ts: '1.0', text: ' <@U2> what do you think?' })).toBe('others');
    expect(audience({ thread_ts: '2.0' })).toBe('others');
    expect(audience({})).toBe('others');
  });

  it('is none of ours as an aside, of a bot, or when it is no post', () => {
    expect(audience({ text: '(aside) <@UBOT> is slow', thread_ts: '1.0' })).toBe('others');
    expect(audience({ text: '<@UBOT> hi', bot_id: 'B1' })).toBe('others');
    expect(audience({ text: '<@UBOT> hi', user: BOT })).toBe('others');
    expect(audience({ text: 'You have been removed', user: 'USLACKBOT', channel: 'D1' })).toBe('others');
    expect(audience({ text: '<@UBOT> hi', subtype: 'message_changed' })).toBe('others');
    expect(audience({ text: '<@UBOT> hi', subtype: 'file_share' })).toBe('us');
    expect(audience({ text: 'asks <@UBOT> to fix it', subtype: 'me_message' })).toBe('us');
  });
});
