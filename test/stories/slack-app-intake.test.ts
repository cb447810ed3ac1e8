import { fold } from 'orchestrator/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { ANA, type Bench, BO, BOT, buttonOf, createBench, ENGINEERING } from '../slack-app/bench.ts';
import { finished, only, started, turnsOf } from '../slack-app/scene.ts';

let bench: Bench;
afterEach(() => bench.close());

/** Slack forgets what it could not deliver at once. */
const FORGETFUL = { offlineHoldMs: -1 };

describe('posts while nobody listens', () => {
  it('are found when the app is back: replies in open threads, mentions, direct messages; each once', async () => {
    bench = await createBench({}, FORGETFUL);
    await bench.start();
    const root = bench.say('@deckhand fix the failing test in the cart');
    await bench.shown(root, 'actions');
    const sessionId = only(bench.deckhand.sessionIds());
    await bench.stop();
    bench.say('also the empty cart', { threadTs: root });
    bench.say('nothing for anybody');
    bench.say('@deckhand explain the cart');
    const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
    bench.say('and what is a cart?', { channel: dm.id });
    const app = await bench.start({ timing: { shortGapMs: 0 } });
    await until(() => bench.deckhand.sessionIds().length === 3, 'the mention and the direct message');
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the reply');
    expect(await app.findMissedPosts()).toBeGreaterThanOrEqual(0);
    await bench.stop();
    await bench.start({ timing: { shortGapMs: 0 } });
    bench.say('@deckhand one more');
    await until(() => bench.deckhand.sessionIds().length === 4, 'the last one');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });

  it('are found with what was replied to them, which does not name us again', async () => {
    bench = await createBench({}, FORGETFUL);
    await bench.start();
    await bench.stop();
    const root = bench.say('@deckhand fix the failing test in the cart');
    bench.say('and the empty cart', { threadTs: root });
    const talk = bench.say('what a day');
    bench.say('indeed', { threadTs: talk });
    bench.say('@deckhand explain the cart', { threadTs: talk });
    bench.say('in two sentences', { threadTs: talk });
    await bench.start({ timing: { shortGapMs: 0 } });
    const requests = () => bench.deckhand.sessionIds().map((id) => turnsOf(bench.deckhand, id).length);
    await until(() => requests().join() === '2,2', 'two requests in each thread');
  });

  it('and that Slack stopped to tell of are found too', async () => {
    bench = await createBench({}, { retryDelaysMs: [0] });
    let isBroken = true;
    const at = async (point: string) => {
      if (isBroken && point === 'intake.before_store') throw new Error('the disk is full');
    };
    const app = await bench.start({ faults: { at } });
    bench.say('@deckhand fix the failing test in the cart');
    await until(() => bench.slack.pendingEvents() === 0, 'Slack has given up');
    expect(bench.deckhand.sessionIds()).toHaveLength(0);
    isBroken = false;
    await app.findMissedPosts();
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
  });
});

describe('many events at once', () => {
  it('are stored and acknowledged within three seconds, and each is worked on once', async () => {
    bench = await createBench();
    // Time of this process, not of the clock: other tests run beside it on the same processors.
    const cpuMs = () => process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000;
    const times = { firstHeard: 0, lastAcknowledged: 0, acknowledged: 0 };
    const at = async (point: string) => {
      if (point === 'intake.before_store') times.firstHeard ||= cpuMs();
      if (point !== 'intake.after_ack') return;
      times.lastAcknowledged = cpuMs();
      times.acknowledged += 1;
    };
    await bench.start({ faults: { at } });
    await until(() => bench.slack.sockets() === 2, 'two sockets');
    // A mention is two events: app_mention and message.
    for (let index = 0; index < 250; index += 1) bench.say(`@deckhand fix number ${index}`);
    await until(() => times.acknowledged >= 500, 'all are acknowledged');
    expect(times.lastAcknowledged - times.firstHeard).toBeLessThan(3_000);
    await until(() => bench.deckhand.sessionIds().length === 250, 'all are worked on');
    await until(() => bench.slack.pendingEvents() === 0, 'Slack has nothing to tell any more');
    const turns = bench.deckhand.sessionIds().map((sessionId) => turnsOf(bench.deckhand, sessionId).length);
    expect(turns).toEqual(turns.map(() => 1));
  });
});

describe('events', () => {
  it('whose acknowledgement Slack does not hear, and that come twice, ask for one thing', async () => {
    bench = await createBench();
    await bench.start();
    bench.slack.faults.redeliverEvents('*', 2);
    bench.slack.faults.duplicateEvents('message', 1);
    const root = bench.say('@deckhand fix the failing test in the cart');
    await bench.shown(root, 'actions');
    await until(() => bench.slack.pendingEvents() === 0, 'Slack has heard that we know');
    const sessionId = only(bench.deckhand.sessionIds());
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(1);
  });

  it('of a mention that comes after a reply to it, which has opened the session, is worked on too', async () => {
    bench = await createBench();
    await bench.start();
    bench.slack.faults.delayEvents('*', { delayMs: 700, times: 2 });
    const root = bench.say('@deckhand fix the failing test in the cart');
    bench.say('@deckhand and the empty cart', { threadTs: root, as: BO });
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
    const sessionId = only(bench.deckhand.sessionIds());
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'both');
    const asked = bench.deckhand
      .entries(sessionId)
      .flatMap(({ event }) => (event.type === 'turn.requested' ? [event.message?.ts === root] : []));
    expect(asked).toEqual([false, true]);
    await until(() => bench.slack.pendingEvents() === 0, 'Slack has nothing to tell any more');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });

  it('of replies that come before the mention that they follow, and do not name us, are worked on after it', async () => {
    bench = await createBench();
    await bench.start();
    bench.slack.faults.delayEvents('*', { delayMs: 700, times: 2 });
    const root = bench.say('@deckhand fix the failing test in the cart');
    bench.say('and the empty cart', { threadTs: root });
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
    const sessionId = only(bench.deckhand.sessionIds());
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'both');
  });

  it('that come late, after what was written after them, are worked on too', async () => {
    bench = await createBench();
    await bench.start();
    const root = bench.say('@deckhand fix the failing test in the cart');
    await bench.shown(root, 'actions');
    const sessionId = only(bench.deckhand.sessionIds());
    bench.slack.faults.delayEvents('message', { delayMs: 500 });
    bench.say('first', { threadTs: root });
    bench.say('second', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 3, 'both');
    const asked = bench.deckhand
      .entries(sessionId)
      .flatMap(({ event }) => (event.type === 'turn.requested' ? [event.text] : []));
    expect(asked.slice(1)).toEqual(['second', 'first']);
  });

  it('that tell late of a stop leave a request alone that was written after it', async () => {
    bench = await createBench();
    await bench.start();
    const root = bench.say('@deckhand fix the failing test in the cart');
    await bench.shown(root, 'actions');
    const sessionId = only(bench.deckhand.sessionIds());
    const first = only(turnsOf(bench.deckhand, sessionId));
    bench.deckhand.append(sessionId, started(first));
    bench.slack.faults.delayEvents('message', { delayMs: 500, times: 1 });
    bench.say('stop', { threadTs: root });
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    bench.say('now round twice', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the follow-up');
    const second = turnsOf(bench.deckhand, sessionId)[1] ?? 'trn_none';
    bench.deckhand.append(sessionId, started(second, 'run_2'));
    const whispers = () => bench.slack.calls('chat.postEphemeral').map((call) => String(call.args['text']));
    await until(() => whispers().length === 1, 'an answer to the stop');
    expect(whispers()).toEqual([expect.stringContaining('over already')]);
    const state = fold(bench.deckhand.entries(sessionId));
    expect(state).toMatchObject({ status: 'running', turn: { turnId: second }, stopRequestedBy: null });
  });
});

describe('sockets', () => {
  it('of which Slack recycles one leave no gap: the other one hears at once, and a press is answered', async () => {
    bench = await createBench();
    const app = await bench.start();
    await until(() => app.health().sockets === 2, 'two sockets');
    bench.slack.faults.disconnect('refresh_requested', 'oldest');
    await until(() => bench.slack.sockets() === 1, 'one socket');
    const root = bench.say('@deckhand fix the failing test in the cart');
    const card = await bench.shown(root, 'Stop');
    const container = { channel: ENGINEERING, ts: card.ts };
    expect(await bench.slack.people.press({ as: ANA, container, action: buttonOf(card, 'Stop') })).toEqual({
      ok: true,
    });
    // Both came through while the other was away: it needs five seconds to come back.
    expect(bench.slack.sockets()).toBe(1);
  });

  it('are opened one after the other, so that Slack does not recycle both at once', async () => {
    bench = await createBench();
    const app = await bench.start({ timing: { spareAfterMs: 600_000 } });
    const root = bench.say('@deckhand fix the failing test in the cart');
    await bench.shown(root, 'actions');
    expect(app.health().sockets).toBe(1);
  });

  it.each(['refresh_requested', 'warning'] as const)(
    'that Slack has reconnect (%s) lose nothing',
    async (reason) => {
      bench = await createBench();
      const app = await bench.start();
      await until(() => app.health().sockets === 2, 'two sockets');
      bench.slack.faults.disconnect(reason);
      const root = bench.say('@deckhand fix the failing test in the cart');
      await bench.shown(root, 'actions');
      expect(bench.deckhand.sessionIds()).toHaveLength(1);
    },
  );
});
