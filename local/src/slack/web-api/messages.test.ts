import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  ALERTS,
  ANA,
  ENGINEERING,
  GENERAL,
  startWorkspace,
  temporaryDir,
  webClient,
} from '../testing/rig.ts';

const textsOf = (page: unknown): string[] =>
  z
    .object({ messages: z.array(z.object({ text: z.string() })) })
    .parse(page)
    .messages.map((message) => message.text);

const refused = (error: string) => ({ data: { ok: false, error } });

const post = async (web: WebClient, text: string, more: { thread_ts?: string } = {}): Promise<string> =>
  (await web.chat.postMessage({ channel: ENGINEERING, text, ...more })).ts ?? '';

it('says who the app is, and refuses missing, unknown and wrong kinds of tokens', async () => {
  const { slack, web } = await startWorkspace();

  expect(await web.auth.test()).toMatchObject({ ok: true, user_id: 'U0DECKHAND', team_id: 'T0DECKHAND' });
  await expect(webClient(slack, '').auth.test()).rejects.toMatchObject(refused('not_authed'));
  await expect(webClient(slack, 'xoxb-guess').auth.test()).rejects.toMatchObject(refused('invalid_auth'));
  await expect(webClient(slack, slack.appToken).auth.test()).rejects.toMatchObject(
    refused('not_allowed_token_type'),
  );
  await expect(web.apiCall('chat.noSuchThing')).rejects.toMatchObject(refused('unknown_method'));
});

it('takes JSON bodies as well as forms', async () => {
  const { slack } = await startWorkspace();
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: ENGINEERING, blocks: [{ type: 'divider' }] }),
  });
  expect(await answer.json()).toMatchObject({ ok: true, message: { blocks: [{ type: 'divider' }] } });
});

it('refuses to post where the bot is not, where nothing is, and nothing at all', async () => {
  const { slack, web } = await startWorkspace();
  const at = (channel: string, text = 'hi') => web.chat.postMessage({ channel, text });

  await expect(at('C0NOWHERE')).rejects.toMatchObject(refused('channel_not_found'));
  await expect(at(GENERAL)).rejects.toMatchObject(refused('not_in_channel'));
  await expect(at(ENGINEERING, '')).rejects.toMatchObject(refused('no_text'));
  await expect(post(web, 'hi', { thread_ts: '1.000000' })).rejects.toMatchObject(refused('thread_not_found'));
  slack.people.archive({ as: ANA, channel: ALERTS });
  await expect(at(ALERTS)).rejects.toMatchObject(refused('is_archived'));
  await web.conversations.join({ channel: GENERAL });
  expect((await at(GENERAL)).ok).toBe(true);
});

it('keeps blocks and attachments that an update leaves out, and removes them for an empty list', async () => {
  const { web } = await startWorkspace();
  const { ts = '' } = await web.chat.postMessage({
    channel: ENGINEERING,
    text: 'one',
    blocks: [{ type: 'divider' }],
  });

  const kept = await web.chat.update({ channel: ENGINEERING, ts, text: 'two' });
  expect(kept.message).toMatchObject({ text: 'two', blocks: [{ type: 'divider' }] });
  const emptied = await web.chat.update({ channel: ENGINEERING, ts, text: 'three', blocks: [] });
  expect(emptied.message?.blocks).toEqual([]);
});

it('refuses updates that are too long, of other people, and of nothing', async () => {
  const { slack, web } = await startWorkspace();
  const ts = await post(web, 'mine');
  const hers = slack.people.post({ as: ANA, channel: ENGINEERING, text: 'hers' }).ts;
  const update = (target: string, text = 'new') =>
    web.chat.update({ channel: ENGINEERING, ts: target, text });

  await expect(update(ts, 'x'.repeat(4001))).rejects.toMatchObject(refused('msg_too_long'));
  await expect(update(hers)).rejects.toMatchObject(refused('cant_update_message'));
  await expect(update('1.000000')).rejects.toMatchObject(refused('message_not_found'));
  await expect(web.chat.delete({ channel: ENGINEERING, ts: hers })).rejects.toMatchObject(
    refused('cant_delete_message'),
  );
  await web.chat.delete({ channel: ENGINEERING, ts });
  await expect(update(ts)).rejects.toMatchObject(refused('message_not_found'));
});

it('pages a thread oldest first and a channel newest first, with metadata when asked', async () => {
  const { web } = await startWorkspace();
  const ts = await post(web, 'root');
  const metadata = { event_type: 'deckhand_slot', event_payload: { slot: 'turn/1/card' } };
  await web.chat.postMessage({ channel: ENGINEERING, thread_ts: ts, text: 'reply 1', metadata });
  for (const number of [2, 3, 4, 5]) await post(web, `reply ${number}`, { thread_ts: ts });
  await post(web, 'later root');

  const texts: string[] = [];
  for await (const page of web.paginate('conversations.replies', { channel: ENGINEERING, ts, limit: 2 }))
    texts.push(...textsOf(page));
  expect(texts).toEqual(['root', 'reply 1', 'reply 2', 'reply 3', 'reply 4', 'reply 5']);

  const withMetadata = await web.conversations.replies({
    channel: ENGINEERING,
    ts,
    include_all_metadata: true,
  });
  expect(withMetadata.messages?.[1]).toMatchObject({ metadata });
  const without = await web.conversations.replies({ channel: ENGINEERING, ts });
  expect(without.messages?.[1]).not.toHaveProperty('metadata');
  expect(without.messages?.[0]).toMatchObject({ reply_count: 5, thread_ts: ts });

  const history = await web.conversations.history({ channel: ENGINEERING });
  expect(history.messages?.map((message) => message.text)).toEqual(['later root', 'root']);
});

it('reads a window of history, with and without its ends', async () => {
  const { web } = await startWorkspace();
  const first = await post(web, 'a');
  await post(web, 'b');
  const last = await post(web, 'c');
  const read = async (inclusive: boolean) =>
    (
      await web.conversations.history({ channel: ENGINEERING, oldest: first, latest: last, inclusive })
    ).messages?.map((message) => message.text);

  expect(await read(false)).toEqual(['b']);
  expect(await read(true)).toEqual(['c', 'b', 'a']);
});

it('adds a reaction once and removes it once', async () => {
  const { web } = await startWorkspace();
  const timestamp = await post(web, 'hi');
  const target = { channel: ENGINEERING, timestamp, name: 'eyes' };

  await web.reactions.add(target);
  await expect(web.reactions.add(target)).rejects.toMatchObject(refused('already_reacted'));
  expect((await web.reactions.get(target)).message?.reactions).toEqual([
    { name: 'eyes', users: ['U0DECKHAND'], count: 1 },
  ]);
  await web.reactions.remove(target);
  await expect(web.reactions.remove(target)).rejects.toMatchObject(refused('no_reaction'));
});

it('finds people by id and address, and opens direct conversations', async () => {
  const { web } = await startWorkspace();

  expect((await web.users.info({ user: ANA })).user?.profile?.email).toBe('ana@deckhand-demo.test');
  expect((await web.users.lookupByEmail({ email: 'bo@deckhand-demo.test' })).user?.name).toBe('bo');
  await expect(web.users.info({ user: 'U0NOBODY' })).rejects.toMatchObject(refused('user_not_found'));
  const opened = await web.conversations.open({ users: ANA });
  const posted = await web.chat.postMessage({ channel: ANA, text: 'psst' });
  expect(posted.channel).toBe(opened.channel?.id);
});

it('uploads files with the real uploadV2 into a thread, and gives their bytes to the token alone', async () => {
  const { slack, web } = await startWorkspace();
  const ts = await post(web, 'root');
  const files = [
    { filename: 'a.txt', file: Buffer.from('first') },
    { filename: 'b.txt', file: Buffer.from('second') },
  ];

  await web.files.uploadV2({
    channel_id: ENGINEERING,
    thread_ts: ts,
    initial_comment: 'evidence',
    file_uploads: files,
  });

  const { messages } = await web.conversations.replies({ channel: ENGINEERING, ts });
  const uploaded = messages?.[1];
  expect(uploaded).toMatchObject({ text: 'evidence', files: [{ name: 'a.txt' }, { name: 'b.txt' }] });
  const url = uploaded?.files?.[1]?.url_private ?? '';
  const bytes = await fetch(url, { headers: { authorization: `Bearer ${slack.botToken}` } });
  expect(await bytes.text()).toBe('second');
  expect((await fetch(url)).status).toBe(403);
});

it('streams tasks and text into one message until it is stopped', async () => {
  const { web } = await startWorkspace();
  const thread_ts = await post(web, 'root');
  const stream = web.chatStream({
    channel: ENGINEERING,
    thread_ts,
    recipient_user_id: ANA,
    recipient_team_id: 'T0DECKHAND',
    buffer_size: 1,
  });
  await stream.append({
    chunks: [{ type: 'task_update', id: 't1', title: 'Run tests', status: 'in_progress' }],
  });
  await stream.append({ markdown_text: 'All **green**' });
  await stream.stop({ chunks: [{ type: 'task_update', id: 't1', title: 'Run tests', status: 'complete' }] });

  const { messages } = await web.conversations.replies({ channel: ENGINEERING, ts: thread_ts });
  expect(messages?.[1]).toMatchObject({
    text: 'All **green**',
    blocks: [
      { type: 'task_card', title: 'Run tests', status: 'complete' },
      { type: 'markdown', text: 'All **green**' },
    ],
  });
  const ts = messages?.[1]?.ts ?? '';
  await expect(
    web.chat.appendStream({ channel: ENGINEERING, ts, markdown_text: 'more' }),
  ).rejects.toMatchObject(refused('message_not_in_streaming_state'));
  await expect(
    web.chat.startStream({ channel: ENGINEERING, thread_ts, markdown_text: 'x' }),
  ).rejects.toMatchObject(refused('missing_recipient_user_id'));
});

it('keeps threads, tokens, files, reactions and Homes over a restart, and goes on counting', async () => {
  const dataDir = await temporaryDir();
  const before = await startWorkspace({ dataDir });
  const ts = await post(before.web, 'root');
  await post(before.web, 'reply', { thread_ts: ts });
  await before.web.reactions.add({ channel: ENGINEERING, timestamp: ts, name: 'eyes' });
  await before.web.files.uploadV2({
    channel_id: ENGINEERING,
    filename: 'log.txt',
    file: Buffer.from('kept'),
  });
  await before.web.views.publish({ user_id: ANA, view: { type: 'home', blocks: [{ type: 'divider' }] } });
  await before.slack.close();

  const after = await startWorkspace({ dataDir });

  expect(after.slack.botToken).toBe(before.slack.botToken);
  const { messages } = await after.web.conversations.replies({ channel: ENGINEERING, ts });
  expect(messages?.map((message) => message.text)).toEqual(['root', 'reply']);
  expect(messages?.[0]?.reactions).toHaveLength(1);
  expect(after.slack.people.home(ANA)).toMatchObject({ blocks: [{ type: 'divider' }] });
  const history = await after.web.conversations.history({ channel: ENGINEERING });
  const url = history.messages?.[0]?.files?.[0]?.url_private ?? '';
  const headers = { authorization: `Bearer ${after.slack.botToken}` };
  expect(await (await fetch(url, { headers })).text()).toBe('kept');
  expect(Number(await post(after.web, 'newer'))).toBeGreaterThan(Number(history.messages?.[0]?.ts));
});
