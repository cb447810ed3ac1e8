import { describe, expect, it } from 'vitest';
import { asItIsNow } from './revisions.ts';

const message = (text: string, overrides: object = {}) => ({
  type: 'message',
  user: 'U1',
  ts: '5.0',
  thread_ts: '1.0',
  text,
  ...overrides,
});
const told = (event: object) => ({ type: 'event_callback', event_id: 'Ev', event });
const post = (text: string, overrides: object = {}) =>
  told({ ...message(text, { blocks: [text] }), type: 'app_mention', channel: 'C1', ...overrides });
const edit = (at: string, text: string) =>
  told({
    type: 'message',
    subtype: 'message_changed',
    channel: 'C1',
    event_ts: at,
    message: message(text, { edited: { user: 'U1', ts: at } }),
    previous_message: message('before'),
  });
const deletion = (at: string) =>
  told({
    type: 'message',
    subtype: 'message_deleted',
    channel: 'C1',
    deleted_ts: '5.0',
    event_ts: at,
    previous_message: message('before'),
  });

describe('what Slack tells of a message', () => {
  it('is taken as it was told when nothing was told of it before', () => {
    expect(asItIsNow(post('fix it'), [])).toEqual(post('fix it'));
    expect(asItIsNow(edit('6.0', 'fix it'), [edit('6.0', 'fix it')])).toEqual(edit('6.0', 'fix it'));
    expect(asItIsNow({ type: 'block_actions' }, [edit('6.0', 'x')])).toEqual({ type: 'block_actions' });
  });

  it('is the newest of its edits when it is a post that came late', () => {
    const now = asItIsNow(post('fix ti'), [edit('7.0', 'fix it'), edit('6.0', 'fix tit')]);
    expect(now).toMatchObject({
      event: { type: 'app_mention', channel: 'C1', ts: '5.0', thread_ts: '1.0', text: 'fix it' },
    });
    // They would say what it said before.
    expect(now).toMatchObject({ event: { blocks: undefined } });
  });

  it('is the post when that was read after its last edit', () => {
    const read = post('fix it', { edited: { user: 'U1', ts: '8.0' } });
    expect(asItIsNow(read, [edit('7.0', 'fix ti')])).toEqual(read);
  });

  it('is nothing any more when something newer was told, or it was deleted', () => {
    expect(asItIsNow(edit('6.0', 'fix ti'), [edit('6.0', 'fix ti'), edit('7.0', 'fix it')])).toBeNull();
    expect(asItIsNow(edit('6.0', 'fix it'), [deletion('7.0'), edit('6.0', 'fix it')])).toBeNull();
    expect(asItIsNow(post('fix it'), [deletion('7.0')])).toBeNull();
    expect(asItIsNow(deletion('7.0'), [deletion('7.0')])).toEqual(deletion('7.0'));
  });
});
