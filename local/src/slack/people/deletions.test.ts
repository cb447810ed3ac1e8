import { expect, it } from 'vitest';
import { ANA, BO, ENGINEERING, hearEvents, startWorkspace, until } from '../testing/rig.ts';

const at = { as: ANA, channel: ENGINEERING };

it('leaves a tombstone of a root with replies, in which the thread goes on', async () => {
  const { slack, web } = await startWorkspace();
  const root = slack.people.post({ ...at, text: 'root' }).ts;
  slack.people.post({ ...at, as: BO, text: 'reply', threadTs: root });
  const heard = await hearEvents(slack);
  await until('what was held', () => heard.length === 2);

  slack.people.remove({ ...at, ts: root });
  await until('the change', () => heard.length === 3);

  const change = heard[2];
  expect(change).toMatchObject({
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: ENGINEERING,
    channel_type: 'channel',
    message: {
      type: 'message',
      subtype: 'tombstone',
      text: 'This message was deleted.',
      user: 'USLACKBOT',
      hidden: true,
      ts: root,
      thread_ts: root,
      reply_count: 1,
    },
    previous_message: { type: 'message', user: ANA, text: 'root', ts: root },
  });
  expect(change?.['ts']).toBe(change?.['event_ts']);
  expect(change?.['message']).not.toHaveProperty('bot_id');
  const posted = await web.chat.postMessage({ channel: ENGINEERING, thread_ts: root, text: 'still here' });
  expect(posted.message).toMatchObject({ thread_ts: root, parent_user_id: 'USLACKBOT' });
});

it('forgets a thread whose root had no replies', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const root = slack.people.post({ ...at, text: 'root' }).ts;

  slack.people.remove({ ...at, ts: root });
  await until('the deletion', () => heard.length === 2);

  expect(heard[1]).toMatchObject({
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    channel: ENGINEERING,
    channel_type: 'channel',
    deleted_ts: root,
    previous_message: { type: 'message', user: ANA, text: 'root', ts: root },
  });
  expect(heard[1]?.['ts']).toBe(heard[1]?.['event_ts']);
  const refused = { data: { ok: false, error: 'thread_not_found' } };
  const reply = web.chat.postMessage({ channel: ENGINEERING, thread_ts: root, text: 'too late' });
  await expect(reply).rejects.toMatchObject(refused);
  await expect(web.conversations.replies({ channel: ENGINEERING, ts: root })).rejects.toMatchObject(refused);
});

it('takes the tombstone away with the last reply', async () => {
  const { slack, web } = await startWorkspace();
  const root = slack.people.post({ ...at, text: 'root' }).ts;
  const reply = slack.people.post({ ...at, text: 'reply', threadTs: root }).ts;
  slack.people.remove({ ...at, ts: root });
  slack.people.remove({ ...at, ts: reply });

  expect((await web.conversations.history({ channel: ENGINEERING })).messages).toEqual([]);
  const post = web.chat.postMessage({ channel: ENGINEERING, thread_ts: root, text: 'too late' });
  await expect(post).rejects.toMatchObject({ data: { error: 'thread_not_found' } });
});
