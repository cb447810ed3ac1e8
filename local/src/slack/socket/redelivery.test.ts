import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel } from '@slack/web-api';
import { expect, it, onTestFinished } from 'vitest';
import type { LocalSlack } from '../server.ts';
import { ANA, ENGINEERING, startWorkspace, temporaryDir, until } from '../testing/rig.ts';

type Heard = { id: string; ts: string; attempt: number; reason: string; client: string };

/** An ack that is sent comes in this time, also on a busy machine; in milliseconds. */
const IN_TIME_MS = 400;

const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/**
 * The real Socket Mode client; acknowledges when `acks` says so. After `pingTimeoutMs` it reconnects, and gives up a socket
 * whose pong does not come: on a busy machine that can be a good one, so it is long where nothing is to reconnect.
 */
async function connect(
  slack: LocalSlack,
  options: { name?: string; acks?: () => boolean; pingTimeoutMs?: number } = {},
): Promise<Heard[]> {
  const { name = 'one', acks = () => true, pingTimeoutMs = 10_000 } = options;
  const heard: Heard[] = [];
  const client = new SocketModeClient({
    appToken: slack.appToken,
    logger: silent,
    clientPingTimeout: pingTimeoutMs,
    clientOptions: {
      slackApiUrl: slack.apiUrl,
      retryConfig: { forever: true, minTimeout: 20, maxTimeout: 50 },
    },
  });
  client.on('slack_event', async ({ ack, body, retry_num, retry_reason }) => {
    heard.push({
      id: body.event_id,
      ts: body.event.ts,
      attempt: retry_num,
      reason: retry_reason,
      client: name,
    });
    if (acks()) await ack();
  });
  await client.start();
  onTestFinished(() => client.disconnect());
  return heard;
}

const post = (slack: LocalSlack, text = 'hello') =>
  slack.people.post({ as: ANA, channel: ENGINEERING, text });

it('delivers an event again until it is acknowledged, and says that it is a retry', async () => {
  const { slack } = await startWorkspace({ ackTimeoutMs: IN_TIME_MS, queue: { retryDelaysMs: [0, 10, 10] } });
  let answers = 0;
  const heard = await connect(slack, { acks: () => ++answers === 3 });

  post(slack);
  await until('the ack of the third try', () => slack.pendingEvents() === 0);

  expect(heard.map((entry) => [entry.attempt, entry.reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
  ]);
  expect(new Set(heard.map((entry) => entry.id)).size).toBe(1);
});

it('gives up after the third retry', async () => {
  const { slack } = await startWorkspace({ ackTimeoutMs: 30, queue: { retryDelaysMs: [0, 5, 5] } });
  const heard = await connect(slack, { acks: () => false });

  post(slack);
  await until('the end of the retries', () => heard.length === 4 && slack.pendingEvents() === 0);

  expect(heard.map((entry) => entry.attempt)).toEqual([0, 1, 2, 3]);
});

it('keeps what happens while no socket is open, also over a restart', async () => {
  const dataDir = await temporaryDir();
  const first = await startWorkspace({ dataDir });
  post(first.slack, 'before the restart');
  await first.slack.close();

  const { slack } = await startWorkspace({ dataDir });
  post(slack, 'after the restart');
  const heard = await connect(slack);
  await until('both events', () => slack.pendingEvents() === 0);

  expect(heard.map((entry) => entry.attempt)).toEqual([1, 1]);
});

it('forgets what was held longer than the hold time', async () => {
  let now = Date.now();
  const { slack } = await startWorkspace({ clock: { now: () => now }, queue: { offlineHoldMs: 1000 } });
  post(slack, 'too old');
  now += 2000;
  post(slack, 'fresh');
  const heard = await connect(slack);
  await until('the fresh event', () => slack.pendingEvents() === 0);

  expect(heard).toHaveLength(1);
});

it('gives each envelope to one of two sockets', async () => {
  const { slack } = await startWorkspace();
  const [one, two] = [await connect(slack, { name: 'one' }), await connect(slack, { name: 'two' })];

  for (const text of ['a', 'b', 'c', 'd']) post(slack, text);
  await until('four events', () => one.length + two.length === 4);

  expect([one.length, two.length]).toEqual([2, 2]);
  expect(new Set([...one, ...two].map((entry) => entry.id)).size).toBe(4);
});

it('refuses the eleventh socket', async () => {
  const { slack } = await startWorkspace();
  for (let index = 0; index < 10; index += 1) await connect(slack);
  const urls = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.appToken}` },
  });
  const { url } = (await urls.json()) as { url: string };
  const told: unknown[] = [];
  const socket = new WebSocket(url);
  socket.addEventListener('message', (event) => told.push(JSON.parse(String(event.data))));

  await until('the refusal', () => told.length > 0);

  expect(told[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(slack.sockets()).toBe(10);
});

it('opens a socket only once with a ticket', async () => {
  const { slack } = await startWorkspace();
  const answer = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.appToken}` },
  });
  const { url } = (await answer.json()) as { url: string };
  const outcome = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve('refused'));
      onTestFinished(() => socket.close());
    });

  expect(await outcome()).toBe('open');
  expect(await outcome()).toBe('refused');
});

it('brings the app back after a warning, a cut and a time of being down', async () => {
  const { slack } = await startWorkspace();
  const heard = await connect(slack, { pingTimeoutMs: 500 });
  const isBack = async (): Promise<void> => {
    await until('the socket to close', () => slack.sockets() === 0);
    await until('the socket to open', () => slack.sockets() === 1);
  };

  slack.faults.disconnect('warning');
  await isBack();
  slack.faults.cutSockets();
  await isBack();
  slack.faults.setDown(true);
  await until('the socket to close', () => slack.sockets() === 0);
  post(slack, 'while down');
  slack.faults.setDown(false);
  await until('the event of the outage', () => heard.length === 1);

  expect(heard[0]?.attempt).toBe(1);
});

it('delivers an event twice when it is told to', async () => {
  const { slack } = await startWorkspace();
  const heard = await connect(slack);
  slack.faults.duplicateEvents('message');

  post(slack);
  await until('both deliveries', () => heard.length === 2);

  expect(heard[0]?.id).toBe(heard[1]?.id);
});

it('does not hear the ack of an event once, so that it comes again as a retry', async () => {
  const { slack } = await startWorkspace({ ackTimeoutMs: IN_TIME_MS });
  const heard = await connect(slack);
  slack.faults.redeliverEvents('message');

  post(slack, 'twice');
  post(slack, 'once');
  await until('the second delivery', () => heard.length === 3 && slack.pendingEvents() === 0);

  const [first, second, again] = heard;
  expect([first?.attempt, second?.attempt]).toEqual([0, 0]);
  expect(again).toMatchObject({ id: first?.id, attempt: 1, reason: 'timeout' });
});

it('waits for a socket with an event whose ack it will not hear', async () => {
  const { slack } = await startWorkspace({ ackTimeoutMs: 40, queue: { retryDelaysMs: [0, 0] } });
  slack.faults.redeliverEvents('*');
  post(slack);
  const heard = await connect(slack);

  await until('both deliveries', () => heard.length === 2 && slack.pendingEvents() === 0);

  expect(heard.map((entry) => entry.attempt)).toEqual([1, 2]);
});

it('delivers a late event after those that overtake it', async () => {
  const { slack } = await startWorkspace();
  const heard = await connect(slack);
  slack.faults.delayEvents('message', { times: 1, delayMs: 60 });

  const { ts: late } = post(slack, 'late');
  const { ts: next } = post(slack, 'next');
  expect(slack.faults.state()).toMatchObject({ events: [], heldEvents: 1 });
  await until('both', () => heard.length === 2 && slack.pendingEvents() === 0);

  expect(heard.map((entry) => entry.ts)).toEqual([next, late]);
  expect(heard[1]?.attempt).toBe(0);
  expect(slack.faults.state().heldEvents).toBe(0);
});

it('leaves a late event alone when a socket opens, and delivers it when the faults are cleared', async () => {
  const { slack } = await startWorkspace();
  slack.faults.delayEvents('message', { delayMs: 600_000 });
  post(slack, 'late');
  const heard = await connect(slack);
  post(slack, 'next');
  await until('the next one', () => heard.length === 1 && slack.pendingEvents() === 1);

  slack.faults.clear();
  await until('the late one', () => heard.length === 2);

  expect(new Set(heard.map((entry) => entry.id)).size).toBe(2);
});
