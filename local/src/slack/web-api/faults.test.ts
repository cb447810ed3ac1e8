import { expect, it } from 'vitest';
import type { FaultState, LatestCalls, PageEvent } from '../page-api.ts';
import type { LocalSlack } from '../server.ts';
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

const order = async (slack: LocalSlack, body: unknown) => {
  const answer = await fetch(`${slack.url}local/api/faults`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as { ok: boolean; error?: string } };
};
const stateOf = async (slack: LocalSlack) =>
  (await (await fetch(`${slack.url}local/api/faults`)).json()) as FaultState;

const NOTHING = { isDown: false, rateLimits: false, calls: [], events: [], heldEvents: 0 };

it('shows what is set to go wrong, with what is left of it, until it is used up', async () => {
  const { slack, web } = await startWorkspace();
  expect(await stateOf(slack)).toEqual(NOTHING);
  await order(slack, { fault: { method: 'auth.test', nth: 2, times: 2, status: 429, retryAfterSeconds: 7 } });
  await order(slack, { redeliver: 'app_mention', times: 3 });
  await order(slack, { late: 'message', times: 2, delayMs: 400 });
  await order(slack, { rateLimits: true });

  await web.auth.test();
  expect(await stateOf(slack)).toMatchObject({
    rateLimits: true,
    calls: [{ method: 'auth.test', skip: 0, left: 2, status: 429, retryAfterSeconds: 7, error: null }],
    events: [
      { kind: 'redeliver', eventType: 'app_mention', left: 3, delayMs: 0 },
      { kind: 'late', eventType: 'message', left: 2, delayMs: 400 },
    ],
  });
  await expect(web.auth.test()).rejects.toMatchObject({ retryAfter: 7 });
  expect((await stateOf(slack)).calls).toMatchObject([{ left: 1 }]);
  await expect(web.auth.test()).rejects.toMatchObject({ retryAfter: 7 });

  expect((await stateOf(slack)).calls).toEqual([]);
  expect(await order(slack, { clear: true })).toEqual({ status: 200, body: { ok: true } });
  expect(await stateOf(slack)).toEqual(NOTHING);
});

it('ends one fault by its id, and only once', async () => {
  const { slack } = await startWorkspace();
  await order(slack, { fault: { method: '*', error: 'internal_error' } });
  await order(slack, { duplicate: 'message', times: 2 });
  const { calls, events } = await stateOf(slack);
  const ids = [...calls, ...events].map((fault) => fault.id);

  for (const id of ids) expect((await order(slack, { remove: id })).status).toBe(200);

  expect(await stateOf(slack)).toEqual(NOTHING);
  expect(await order(slack, { remove: ids[0] })).toEqual({
    status: 400,
    body: { ok: false, error: 'fault_not_found' },
  });
});

it('counts events of one kind and type anew, and keeps those of other types', async () => {
  const { slack } = await startWorkspace();
  for (const [type, times] of [
    ['message', 5],
    ['app_mention', 1],
    ['message', 2],
  ] as const)
    slack.faults.duplicateEvents(type, times);

  expect(slack.faults.state().events).toMatchObject([
    { eventType: 'app_mention', left: 1 },
    { eventType: 'message', left: 2 },
  ]);
});

it.each([
  [{}, /unknown_order/],
  [{ nonsense: 1 }, /unknown_order/],
  [{ fault: { method: 'auth.test' } }, /nothing goes wrong/],
  [{ fault: { method: 'auth.test', error: 'x', often: 3 } }, /often/],
  [{ fault: { method: 'auth.test', status: 200 } }, /status/],
  [{ fault: { method: 'chat.postMesage', error: 'x' } }, /no such method/],
  [{ fault: { method: 'auth.test', error: 'x', times: 1e12 } }, /times/],
  [{ duplicate: 'mention' }, /no such event type/],
  [{ duplicate: 'message', times: 1e12 }, /times/],
  [{ late: 'message' }, /delayMs/],
  [{ late: 'message', delayMs: 10, times: 0 }, /times/],
  [{ redeliver: 'message', delayMs: 5 }, /delayMs/],
  [{ disconnect: 'because' }, /disconnect/],
  [{ clear: false }, /clear/],
])('refuses the order %j and says why', async (body, reason) => {
  const { slack } = await startWorkspace();

  const answer = await order(slack, body);

  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatch(reason);
  expect(await stateOf(slack)).toEqual(NOTHING);
});

it('tells the pages of faults and calls, many of them in one event', async () => {
  const { slack, web } = await startWorkspace();
  const told: PageEvent[] = [];
  slack.onPageEvent((event) => told.push(event));
  const of = <T extends PageEvent['type']>(type: T) =>
    told.filter((event): event is PageEvent & { type: T } => event.type === type);
  await order(slack, { fault: { method: 'chat.postMessage', times: 2, error: 'is_archived' } });
  const text = 'x'.repeat(500);
  for (let index = 0; index < 20; index += 1)
    await web.chat.postMessage({ channel: ENGINEERING, text }).catch(() => null);

  await until('the calls', () => of('calls').flatMap((event) => event.calls).length === 20);
  await until('the used-up fault', () => of('faults').at(-1)?.faults.calls.length === 0);
  expect(of('calls').length).toBeLessThan(20);
  const lines = of('calls').flatMap((event) => event.calls);
  expect(lines.toSorted((a, b) => a.id - b.id)[0]).toMatchObject({
    id: 1,
    method: 'chat.postMessage',
    args: { channel: ENGINEERING, text: `${'x'.repeat(90)}…` },
    status: 200,
    error: 'is_archived',
    isFault: true,
    isDropped: false,
  });
  expect(JSON.stringify(lines)).not.toContain(slack.botToken);
});

it('gives the last calls newest first, with how they ended', async () => {
  const { slack, web } = await startWorkspace();
  slack.faults.add({ method: 'auth.test', dropAnswer: true });
  slack.faults.add({ method: 'users.info', status: 429, retryAfterSeconds: 3 });
  await web.chat.postMessage(hello);
  await web.auth.test().catch(() => null);
  await web.users.info({ user: ANA }).catch(() => null);

  const answer = await fetch(`${slack.url}local/api/calls/latest?limit=2`);
  const { calls } = (await answer.json()) as LatestCalls;

  expect(calls).toMatchObject([
    {
      id: 3,
      method: 'users.info',
      args: { user: ANA },
      status: 429,
      error: 'ratelimited',
      retryAfterSeconds: 3,
    },
    { id: 2, method: 'auth.test', status: 200, error: null, retryAfterSeconds: null, isDropped: true },
  ]);
});

it('shows the requests of an outage, which nobody read, and counts them as no calls', async () => {
  const { slack, web } = await startWorkspace();
  slack.faults.setDown(true);
  await web.auth.test().catch(() => null);
  slack.faults.setDown(false);
  await web.auth.test();

  const { calls } = (await (await fetch(`${slack.url}local/api/calls/latest`)).json()) as LatestCalls;

  expect(calls).toMatchObject([
    { id: 2, method: 'auth.test', status: 200, isDropped: false },
    { id: 1, method: 'auth.test', args: {}, status: 0, isDropped: true, isFault: true },
  ]);
  expect(slack.calls()).toHaveLength(1);
});
