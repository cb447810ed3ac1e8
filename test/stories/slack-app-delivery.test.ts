import { systemClock } from 'orchestrator/platform/clock';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import type { RunningSlackApp, SlackAppOptions } from '../../slack-app/src/main.ts';
import { ANA, type Bench, BOT, createBench, ENGINEERING, ours } from '../slack-app/bench.ts';
import { finished, only, started, tool, turnsOf } from '../slack-app/scene.ts';

let bench: Bench;
let others: RunningSlackApp[] = [];
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await Promise.all(others.map((app) => app.close()));
  others = [];
  await bench.close();
});

async function mention() {
  const root = bench.say('@deckhand fix the failing test in the cart');
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, sessionId, turnId: only(turnsOf(bench.deckhand, sessionId)) };
}

/** Another process on the same store; the one before it goes on. */
async function startAnother(options: Partial<SlackAppOptions>): Promise<RunningSlackApp> {
  const app = await bench.start(options);
  others.push(app);
  return app;
}

async function slotStates(
  app: RunningSlackApp,
  sessionId: Parameters<RunningSlackApp['delivery']['slots']>[0],
) {
  const slots = await app.delivery.slots(sessionId);
  return Object.fromEntries(slots.map((slot) => [slot.slot.split('/').slice(2).join('/'), slot.state]));
}

async function callSlack(method: string, body: object) {
  const response = await fetch(`${bench.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bench.slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(await response.json()).toMatchObject({ ok: true });
}

describe('a rebuild', () => {
  it('leaves a thread that lived through it as it is, and posts nothing twice', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    const before = bench.thread(root).map(({ ts, text }) => ({ ts, text }));
    const searches = bench.slack.calls('conversations.replies').length;
    await app.delivery.rebuild(sessionId);
    await until(() => bench.slack.calls('conversations.replies').length > searches, 'it looked');
    await until(
      async () => (await app.delivery.slots(sessionId)).every((slot) => slot.state === 'sent' && slot.sentAt),
      'all slots are sent',
    );
    expect(bench.thread(root).map(({ ts, text }) => ({ ts, text }))).toEqual(before);
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(2);
    expect(await app.delivery.rebuildAll()).toBe(1);
    await until(() => bench.slack.calls('conversations.replies').length > searches + 1, 'it looked again');
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(2);
  });

  it('brings back what is not in the thread any more', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    const final = await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    await callSlack('chat.delete', { channel: ENGINEERING, ts: final.ts });
    await app.delivery.rebuild(sessionId);
    const again = await bench.shown(root, 'Rounded once.');
    expect(again.ts).not.toBe(final.ts);
    expect(ours(bench.thread(root))).toHaveLength(2);
  });

  it('of all threads takes up those too that nobody looks after', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    const final = await bench.shown(root, 'Rounded once.');
    await callSlack('chat.delete', { channel: ENGINEERING, ts: final.ts });
    await bench.stop();
    const app = await bench.start();
    expect(await app.delivery.rebuildAll()).toBe(1);
    await bench.shown(root, 'Rounded once.');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });

  it('happens by itself where nothing but the log is left', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    const before = ours(bench.thread(root)).map(({ ts, text }) => ({ ts, text }));
    await bench.stop();
    bench.lose('slack_slots', 'slack_threads', 'slack_leases');
    const later = Date.now() + 60 * 60_000;
    const app = await bench.start({ clock: { ...systemClock, now: () => later } });
    await until(
      async () => (await app.delivery.slots(sessionId)).filter((slot) => slot.state === 'sent').length === 2,
      'both slots are found',
    );
    expect(ours(bench.thread(root)).map(({ ts, text }) => ({ ts, text }))).toEqual(before);
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(2);
  });

  it('that is cut short goes on at the next start', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    bench.slack.faults.add({ method: 'conversations.replies', status: 500, times: 100 });
    await app.delivery.rebuild(sessionId);
    await bench.stop();
    bench.slack.faults.clear();
    const next = await bench.start();
    await until(
      async () => (await next.delivery.slots(sessionId)).filter((slot) => slot.state === 'sent').length === 2,
      'both slots are found',
    );
    expect(ours(bench.thread(root))).toHaveLength(2);
  });
});

describe('an end of which nobody was told', () => {
  it('is found by the sweep, and has its final', async () => {
    await bench.start({ timing: { sweepEveryMs: 100 } });
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.appendUnheard(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
  });
});

describe('a message that somebody deleted', () => {
  it('is posted anew when it is a final, once, and let go when it is a card', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId));
    await bench.shown(root, 'scripted demo model');
    const card = only(ours(bench.thread(root)));
    await callSlack('chat.delete', { channel: ENGINEERING, ts: card.ts });
    bench.deckhand.append(sessionId, tool('npm test'), finished('Rounded once.'));
    const final = await bench.shown(root, 'Rounded once.');
    await callSlack('chat.delete', { channel: ENGINEERING, ts: final.ts });
    bench.deckhand.append(sessionId, { type: 'pull_request.requested', title: 'x', body: '', draft: false });
    const again = await bench.shown(root, 'Rounded once.');
    expect(again.ts).not.toBe(final.ts);
    await until(async () => (await slotStates(app, sessionId))['final'] === 'sent', 'the final is sent');
    const slots = await app.delivery.slots(sessionId);
    expect(slots.find((slot) => slot.slot.endsWith('/card'))).toMatchObject({
      state: 'sent',
      problem: { code: 'message_not_found', sentence: 'Somebody deleted this message.' },
    });
    // Who deletes it again does not want it.
    await callSlack('chat.delete', { channel: ENGINEERING, ts: again.ts });
    bench.deckhand.append(sessionId, { type: 'pull_request.failed', code: 'code_host.refused', detail: '' });
    await until(async () => (await slotStates(app, sessionId))['final'] === 'stuck', 'the final is let go');
    expect(ours(bench.thread(root))).toEqual([]);
  });
});

describe('a place that takes no messages', () => {
  it('keeps the final, the requester hears of it in person, and it is posted when the place is mended', async () => {
    const app = await bench.start({ timing: { placeWaitMs: 2_000 } });
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'not_in_channel' });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(async () => (await app.delivery.health()).stuck.length === 1, 'it is stuck');
    expect((await app.delivery.health()).stuck[0]).toMatchObject({ sessionId, code: 'not_in_channel' });
    const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
    const told = () => bench.slack.people.messages({ as: ANA, channel: dm.id, limit: 10 }).messages;
    await until(() => told().length === 1, 'Ana is told');
    expect(told()[0]?.text).toContain('Invite it again');
    await bench.shown(root, 'Rounded once.');
    await until(async () => (await app.delivery.health()).stuck.length === 0, 'nothing is stuck');
    expect(told()).toHaveLength(1);
  });

  it('is not asked again and again; a retry from the console asks at once', async () => {
    const app = await bench.start({ timing: { placeWaitMs: 60_000 } });
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'is_archived', times: 2 });
    const posts = () => bench.slack.calls('chat.postMessage').length;
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(async () => (await app.delivery.health()).stuck.length === 1, 'it is stuck');
    await until(() => posts() === 3, 'card, final, and what Ana should have heard');
    for (let step = 0; step < 10; step += 1) bench.deckhand.append(sessionId, tool(`late ${step}`));
    expect(await app.delivery.retry(sessionId, `turn/${turnId}/final`)).toBe(true);
    expect(await app.delivery.retry(sessionId, 'no/such')).toBe(false);
    await bench.shown(root, 'Rounded once.');
    expect(posts()).toBe(4);
  });
});

describe('a token that Slack does not take any more', () => {
  it('stops everything, is said, is asked about at times, and all that waited is sent when it is good', async () => {
    const app = await bench.start({ timing: { probeEveryMs: 300 } });
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'token_revoked' });
    bench.slack.faults.add({ method: 'auth.test', error: 'token_revoked' });
    const probes = bench.slack.calls('auth.test').length;
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(async () => (await app.delivery.health()).connection.state === 'refused', 'it is said');
    expect((await app.delivery.health()).connection.problem).toContain('SLACK_BOT_TOKEN');
    await bench.shown(root, 'Rounded once.');
    expect(bench.slack.calls('auth.test').length - probes).toBe(2);
    expect((await app.delivery.health()).connection.state).toBe('connected');
  });
});

describe('a copy that arrives late', () => {
  it('is deleted', async () => {
    await bench.start({ timing: { doubtMs: 500 } });
    const { root, sessionId, turnId } = await mention();
    const slot = `turn/${turnId}/final`;
    // The connection broke, and what was sent is still on its way.
    bench.slack.faults.add({ method: 'chat.postMessage', status: 500 });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await callSlack('chat.postMessage', {
      channel: ENGINEERING,
      thread_ts: root,
      text: 'Rounded once, late.',
      metadata: { event_type: 'deckhand_slot', event_payload: { slot, session: sessionId } },
    });
    await until(() => ours(bench.thread(root)).length === 2, 'the copy is gone');
    expect(ours(bench.thread(root)).map((message) => message.text)).not.toContain('Rounded once, late.');
  });
});

/** Stops the process at a point until it is let go. */
function pauseAt(point: string): FaultPoints & { isPaused(): boolean; isArmed: boolean; go(): void } {
  let go = () => {};
  let isPaused = false;
  const paused = new Promise<void>((resolve) => {
    go = resolve;
  });
  return {
    isArmed: false,
    isPaused: () => isPaused,
    go: () => go(),
    at: async function at(name) {
      if (name !== point || !this.isArmed) return;
      isPaused = true;
      await paused;
    },
  };
}

describe('two processes', () => {
  const timing = { leaseMs: 600, leaseLeftMs: 200 };

  it('post each message once', async () => {
    await startAnother({});
    await startAnother({});
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(2);
  });

  it('of which one ended long ago in the middle of its work: the other one says its last word', async () => {
    const faults = pauseAt('outbox.before_desire');
    await startAnother({ faults });
    const { root, sessionId, turnId } = await mention();
    faults.isArmed = true;
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(faults.isPaused, 'the first begins to send');
    // Longer than sessions are looked at by their activity.
    await startAnother({ clock: { now: () => Date.now() + 30 * 24 * 60 * 60_000 } });
    await bench.shown(root, 'Rounded once.');
    faults.go();
  });

  it('put right what one of them wrote late into a message of the other', async () => {
    const faults = pauseAt('sender.after_call');
    await startAnother({ faults, timing });
    const { root, sessionId, turnId } = await mention();
    faults.isArmed = true;
    bench.deckhand.append(sessionId, started(turnId));
    await until(faults.isPaused, 'the first is on its way with an edit of the card');
    await startAnother({ timing });
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    const { ts, text: words } = await bench.shown(root, '*Done*');
    // Slack takes the edit of the first now, whatever the second has written.
    await callSlack('chat.update', { channel: ENGINEERING, ts, text: 'It came late.', blocks: [] });
    faults.go();
    const now = () => bench.thread(root).find((message) => message.ts === ts)?.text;
    await until(() => now() === words, 'the card says what it should again');
  });

  it.each(['sender.before_call', 'outbox.before_desire', 'scheduler.before_send', 'sender.after_call'])(
    'of which one was paused at %s for longer than its lease: it writes nothing more',
    async (point) => {
      const faults = pauseAt(point);
      await startAnother({ faults, timing });
      const { root, sessionId, turnId } = await mention();
      faults.isArmed = true;
      bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
      await until(faults.isPaused, 'the first is paused');
      const second = await startAnother({ timing });
      await bench.shown(root, 'Rounded once.');
      await until(
        async () => (await slotStates(second, sessionId))['final'] === 'sent',
        'it is written down',
      );
      await bench.shown(root, '*Done*');
      // Who is in doubt writes the same once more: the words count, and which messages they are.
      const words = () => bench.thread(root).map(({ ts, text }) => ({ ts, text }));
      const before = words();
      faults.go();
      await until(async () => (await second.delivery.health()).writes.queued === 0, 'nothing waits');
      await Promise.all(others.splice(0).map((app) => app.close()));
      expect(words()).toEqual(before);
      expect(ours(bench.thread(root))).toHaveLength(2);
    },
  );
});

describe('limits', () => {
  it("are kept by themselves: at Slack's tiers no call is refused", async () => {
    bench.slack.faults.setRateLimits(true);
    const app = await bench.start();
    const roots = Array.from({ length: 5 }, (_, index) => bench.say(`@deckhand fix number ${index}`));
    await until(() => bench.deckhand.sessionIds().length === 5, 'the sessions');
    for (const sessionId of bench.deckhand.sessionIds()) {
      const turnId = only(turnsOf(bench.deckhand, sessionId));
      bench.deckhand.append(sessionId, started(turnId));
      for (let step = 0; step < 20; step += 1) bench.deckhand.append(sessionId, tool(`step ${step}`));
      bench.deckhand.append(sessionId, finished('Rounded once.', null));
    }
    for (const root of roots) await bench.shown(root, 'Rounded once.');
    const { writes } = await app.delivery.health();
    expect(writes.rateLimited).toBe(0);
    expect(writes.budgets.find((budget) => budget.method === 'chat.update')?.capacity).toBeGreaterThan(0);
  });
});
