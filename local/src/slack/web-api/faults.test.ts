import { expect, it } from 'vitest';
import { ANA, boltApp, ENGINEERING, startWorkspace, until } from '../testing/rig.ts';

const hello = { channel: ENGINEERING, text: 'hello' };

it('limits chat.postMessage to about one a second in a channel when limits are on', async () => {
  let now = Date.now();
  const { slack, web } = await startWorkspace({ clock: { now: () => now } });
  for (let index = 0; index < 10; index += 1) await web.chat.postMessage(hello);

  slack.faults.setRateLimits(true);
  for (let index = 0; index < 3; index += 1) await web.chat.postMessage(hello);
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({
    code: 'slack_webapi_rate_limited_error',
    retryAfter: 1,
  });
  now += 1000;

  expect((await web.chat.postMessage(hello)).ok).toBe(true);
});

it('limits chat.update to its tier', async () => {
  let now = Date.now();
  const { slack, web } = await startWorkspace({ clock: { now: () => now } });
  const { ts = '' } = await web.chat.postMessage(hello);
  slack.faults.setRateLimits(true);
  const update = () => web.chat.update({ channel: ENGINEERING, ts, text: 'again' });

  for (let index = 0; index < 50; index += 1) await update();
  await expect(update()).rejects.toMatchObject({ retryAfter: 2 });
  now += 2000;

  expect((await update()).ok).toBe(true);
});

it('fails the nth call of a method as it is told, and no other', async () => {
  const { slack, web } = await startWorkspace();
  slack.faults.add({ method: 'chat.postMessage', nth: 2, status: 500 });
  slack.faults.add({ method: 'chat.postMessage', nth: 3, error: 'fatal_error' });

  expect((await web.chat.postMessage(hello)).ok).toBe(true);
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 500 });
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ data: { error: 'fatal_error' } });
  expect((await web.chat.postMessage(hello)).ok).toBe(true);
});

it('does the work and drops the answer, so that the app must look before it posts again', async () => {
  const { slack, web } = await startWorkspace();
  slack.faults.add({ method: 'chat.postMessage', dropAnswer: true });

  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });

  expect((await web.conversations.history({ channel: ENGINEERING })).messages).toHaveLength(1);
});

it('takes the same orders from another process, and shows it the calls without tokens', async () => {
  const { slack, web } = await startWorkspace();
  const order = (body: unknown) =>
    fetch(`${slack.url}local/api/faults`, { method: 'POST', body: JSON.stringify(body) });
  await order({ fault: { method: '*', error: 'internal_error' } });
  await expect(web.auth.test()).rejects.toMatchObject({ data: { error: 'internal_error' } });
  await order({ down: true });
  await expect(web.auth.test()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
  await order({ clear: true });
  await web.chat.postMessage(hello);

  expect((await order({ nonsense: 1 })).status).toBe(400);
  const answer = await fetch(`${slack.url}local/api/calls?method=chat.postMessage`);
  const { calls } = (await answer.json()) as { calls: unknown[] };
  expect(calls).toEqual([
    expect.objectContaining({
      method: 'chat.postMessage',
      args: hello,
      answer: expect.objectContaining({ ok: true }),
    }),
  ]);
  expect(JSON.stringify(calls)).not.toContain(slack.botToken);
});

it('answers a response_url five times and then no more', async () => {
  const { slack, web } = await startWorkspace({ ackTimeoutMs: 20 });
  const urls: string[] = [];
  const app = boltApp(slack);
  app.command('/deckhand', async ({ ack, command }) => {
    urls.push(command.response_url);
    await ack();
  });
  await app.start();
  await slack.people.command({ as: ANA, channel: ENGINEERING, text: '/deckhand' });
  const url = await until('the response_url', () => urls[0]);
  const answer = async (text: string) =>
    (
      await fetch(url, { method: 'POST', body: JSON.stringify({ text, response_type: 'in_channel' }) })
    ).json();

  for (let use = 1; use <= 5; use += 1) expect(await answer(`use ${use}`)).toEqual({ ok: true });
  expect(await answer('use 6')).toEqual({ ok: false, error: 'used_url' });
  expect((await web.conversations.history({ channel: ENGINEERING })).messages).toHaveLength(5);
});
