import { describe, expect, it } from 'vitest';
import { intakeOf } from './deliveries.ts';

const event = (id: string, fields: object) => ({ type: 'event_callback', event_id: id, event: fields });
const press = (actionId: string) => ({
  type: 'block_actions',
  trigger_id: 't1',
  container: { channel_id: 'C1', message_ts: '3.0', thread_ts: '1.0' },
  actions: [{ action_id: actionId }],
});

describe('what comes in from Slack', () => {
  it('is one post, whichever of its two events tells of it', () => {
    const post = { channel: 'C1', ts: '2.0', thread_ts: '1.0', user: 'U1' };
    const [mention, message] = ['app_mention', 'message'].map((type) =>
      intakeOf(event(type, { type, ...post })),
    );
    expect(mention).toMatchObject({ take: 'keep', delivery: { post: 'C1:2.0', lane: 'C1:1.0' } });
    expect(message).toMatchObject({ take: 'keep', delivery: { post: 'C1:2.0', lane: 'C1:1.0' } });
  });

  it('waits behind what came before in its thread, buttons too', () => {
    expect(intakeOf(press('stop_run'))).toMatchObject({
      take: 'keep',
      delivery: { id: 't1', lane: 'C1:1.0' },
    });
  });

  it('waits behind the post that it is about, and as a stop outside of a thread behind all of its channel', () => {
    const behind = (fields: object) =>
      intakeOf(event('Ev1', { channel: 'C1', ts: '2.0', user: 'U1', ...fields }));
    const sign = { type: 'reaction_added', channel: undefined, item: { channel: 'C1', ts: '1.0' } };
    expect(behind(sign)).toMatchObject({ delivery: { behind: 'C1:1.0' } });
    const stop = { type: 'app_mention', text: '<@UBOT> stop' };
    expect(behind(stop)).toMatchObject({ delivery: { behind: 'C1:' } });
    expect(behind({ ...stop, thread_ts: '1.0' })).toMatchObject({ delivery: { behind: null } });
    expect(behind({ ...stop, text: '<@UBOT> stop the server' })).toMatchObject({
      delivery: { behind: null },
    });
  });

  it('is answered at once where Slack waits for it', () => {
    expect(intakeOf(press('create_pull_request'))).toEqual({ take: 'answer' });
    expect(intakeOf({ type: 'view_submission', view: {} })).toEqual({ take: 'answer' });
    expect(intakeOf({ command: '/deckhand' })).toEqual({ take: 'answer' });
  });

  it('is dropped when it is our own message or an edit', () => {
    const own = { type: 'message', channel: 'C1', ts: '2.0', bot_id: 'B1', user: 'UBOT' };
    const edit = { type: 'message', subtype: 'message_changed', channel: 'C1', ts: '2.0' };
    expect([own, edit].map((fields) => intakeOf(event('Ev1', fields)))).toEqual([
      { take: 'drop' },
      { take: 'drop' },
    ]);
  });
});
