import { mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Bootstrap, PageEvent, SlackFile } from '../page-api.ts';
import type { LocalSlack } from '../server.ts';
import { ANA, BO, CHIDI, ENGINEERING, startWorkspace, temporaryDir, until } from '../testing/rig.ts';

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

const act = (slack: LocalSlack, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${slack.url}local/api/${path}`, { method: 'POST', body: JSON.stringify(body), headers });

/** fetch may not set Host, so the raw client does. */
function statusFor(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

it('refuses a foreign Origin and a Host that is not loopback', async () => {
  const { slack } = await startWorkspace();
  const url = `${slack.url}local/api/bootstrap?as=${ANA}`;
  const own = slack.url.slice(0, -1);

  expect(await statusFor(url, {})).toBe(200);
  expect(await statusFor(url, { origin: own })).toBe(200);
  expect(await statusFor(url, { origin: 'https://evil.example' })).toBe(403);
  expect(await statusFor(url, { origin: 'null' })).toBe(403);
  expect(await statusFor(url, { host: 'evil.example' })).toBe(403);
  expect((await act(slack, 'messages', {}, { origin: 'http://127.0.0.1:1' })).status).toBe(403);
});

it('shows a person the channels, and only their own direct conversations', async () => {
  const { slack } = await startWorkspace();
  slack.setNotice('A scripted model answers.');
  const dm = await json<{ id: string }>(act(slack, 'dms', { as: ANA, with: BO }));
  const bootstrap = (as: string) => json<Bootstrap>(fetch(`${slack.url}local/api/bootstrap?as=${as}`));

  const ana = await bootstrap(ANA);
  expect(ana.channels.map((channel) => channel.name)).toEqual(['engineering', 'general', 'alerts', '']);
  expect(ana.notice).toBe('A scripted model answers.');
  expect(ana.app.commands[0]?.command).toBe('/deckhand');
  expect((await bootstrap(CHIDI)).channels.some((channel) => channel.id === dm.id)).toBe(false);
  const read = await fetch(`${slack.url}local/api/messages?as=${CHIDI}&channel=${dm.id}`);
  expect(await read.json()).toMatchObject({ error: 'channel_not_found' });
});

it('pages messages newest last and streams what happens to the people who may see it', async () => {
  const { slack } = await startWorkspace();
  const heard: PageEvent[] = [];
  const stream = await fetch(`${slack.url}local/api/events?as=${CHIDI}`);
  void (async () => {
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? [])
      for (const line of chunk.split('\n'))
        if (line.startsWith('data: ')) heard.push(JSON.parse(line.slice(6)) as PageEvent);
  })().catch(() => undefined); // the workspace closes the stream at the end
  const dm = await json<{ id: string }>(act(slack, 'dms', { as: ANA, with: BO }));
  await act(slack, 'messages', { as: ANA, channel: dm.id, text: 'secret' });
  for (const text of ['one', 'two', 'three'])
    await act(slack, 'messages', { as: ANA, channel: ENGINEERING, text });

  await until('three messages', () => heard.filter((event) => event.type === 'message').length === 3);
  expect(JSON.stringify(heard)).not.toContain('secret');
  const page = slack.people.messages({ as: ANA, channel: ENGINEERING, limit: 2 });
  expect(page.messages.map((message) => message.text)).toEqual(['two', 'three']);
  expect(page.hasMore).toBe(true);
  const before = page.messages[0]?.ts ?? '';
  const older = slack.people.messages({ as: ANA, channel: ENGINEERING, before });
  expect(older.messages.map((message) => message.text)).toEqual(['one']);
});

it('gives a thread with its root first and counts the replies', async () => {
  const { slack } = await startWorkspace();
  const root = slack.people.post({ as: ANA, channel: ENGINEERING, text: 'root' }).ts;
  for (const text of ['a', 'b', 'c'])
    slack.people.post({ as: BO, channel: ENGINEERING, text, threadTs: root });
  const thread = (query: object) =>
    slack.people.messages({ as: ANA, channel: ENGINEERING, thread_ts: root, ...query });

  expect(thread({}).messages.map((message) => message.text)).toEqual(['root', 'a', 'b', 'c']);
  const newest = thread({ limit: 2 });
  expect(newest.messages.map((message) => message.text)).toEqual(['b', 'c']);
  expect(newest.hasMore).toBe(true);
  const older = thread({ limit: 2, before: newest.messages[0]?.ts });
  expect(older.messages.map((message) => message.text)).toEqual(['root', 'a']);
  expect(older.hasMore).toBe(false);
  expect(older.messages[0]).toMatchObject({ replyCount: 3, replyUsers: [BO] });
});

it('leaves a tombstone for a deleted root that has replies, so that its thread stays', async () => {
  const { slack, web } = await startWorkspace();
  const at = { as: ANA, channel: ENGINEERING };
  const root = slack.people.post({ ...at, text: 'root' }).ts;
  slack.people.post({ ...at, text: 'reply', threadTs: root });
  slack.people.remove({ ...at, ts: root });

  const { messages } = await web.conversations.replies({ channel: ENGINEERING, ts: root });
  expect(messages?.map((message) => message.text)).toEqual(['This message was deleted.', 'reply']);
  expect(messages?.[0]).toMatchObject({ subtype: 'tombstone' });
  expect(() => slack.people.remove({ ...at, ts: root })).toThrow('message_not_found');
});

it('refuses acts on messages of others and bodies of the wrong shape', async () => {
  const { slack } = await startWorkspace();
  const { ts } = slack.people.post({ as: ANA, channel: ENGINEERING, text: 'hers' });

  const edit = await act(slack, 'messages/edit', { as: BO, channel: ENGINEERING, ts, text: 'mine now' });
  expect([edit.status, await edit.json()]).toEqual([400, { ok: false, error: 'cant_update_message' }]);
  expect((await act(slack, 'messages', { as: ANA })).status).toBe(400);
  expect((await act(slack, 'nothing', {})).status).toBe(404);
});

it('takes a file with a message and gives its bytes to the page', async () => {
  const { slack } = await startWorkspace();
  const form = new FormData();
  form.append('file', new Blob(['<script>1</script>'], { type: 'text/html' }), 'notes.html');
  const file = await json<SlackFile>(
    fetch(`${slack.url}local/api/files?as=${ANA}`, { method: 'POST', body: form }),
  );
  slack.people.post({ as: ANA, channel: ENGINEERING, text: 'see', fileIds: [file.id] });

  const bytes = await fetch(new URL(file.url, slack.url), { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(await bytes.text()).toBe('<script>1</script>');
  expect(bytes.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(bytes.headers.get('content-security-policy')).toContain('sandbox');
  const { messages } = slack.people.messages({ as: ANA, channel: ENGINEERING });
  expect(messages[0]?.files).toEqual([file]);
});

it('serves the built page with a strict policy, and nothing outside of it', async () => {
  const pageDir = join(await temporaryDir(), 'page');
  await mkdir(join(pageDir, 'assets'), { recursive: true });
  await writeFile(join(pageDir, 'index.html'), '<title>workspace</title>');
  await writeFile(join(pageDir, 'assets', 'main.js'), 'let a;');
  await writeFile(join(pageDir, '..', 'secret.txt'), 'secret');
  const { slack } = await startWorkspace({ pageDir });
  const get = (path: string) => fetch(new URL(path, slack.url));

  const index = await get('/');
  expect(await index.text()).toContain('workspace');
  expect(index.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await get('/assets/main.js')).headers.get('content-type')).toContain('javascript');
  expect(await (await get(`/archives/${ENGINEERING}/p1`)).text()).toContain('workspace');
  expect((await get('/assets/gone.js')).status).toBe(404);
  expect((await get('/..%2fsecret.txt')).status).toBe(404);
});
