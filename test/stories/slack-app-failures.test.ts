import { UpstreamError } from 'orchestrator/domain';
import type { FaultPoints } from 'orchestrator/platform/fault-points';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import type { RunningSlackApp } from '../../slack-app/src/main.ts';
import { type Bench, BO, createBench, ENGINEERING, ours } from '../slack-app/bench.ts';
import { finished, only, PREPARED, started, tool, turnsOf } from '../slack-app/scene.ts';

const NEVER_BY_ITSELF = { placeWaitMs: 600_000 };

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

async function mention(text = '@deckhand fix the failing test in the cart') {
  const root = bench.say(text);
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, sessionId, turnId: only(turnsOf(bench.deckhand, sessionId)) };
}

/** What happens at a point from when it is armed on, as often as it is passed. */
function atPoint(
  point: string,
  act: () => Promise<void>,
): FaultPoints & { isArmed: boolean; passed: number } {
  return {
    isArmed: false,
    passed: 0,
    at: async function at(name) {
      if (name !== point || !this.isArmed) return;
      this.passed += 1;
      await act();
    },
  };
}

async function quiet(app: RunningSlackApp): Promise<void> {
  await until(async () => (await app.delivery.health()).writes.queued === 0, 'nothing waits');
}

const texts = (root: string) => ours(bench.thread(root)).map((message) => message.text);
const edits = () => bench.slack.calls('chat.update').length;
const posts = () => bench.slack.calls('chat.postMessage').length;

describe('a rebuild', () => {
  it('of threads whose posts wait for their turn posts nothing twice', async () => {
    const app = await bench.start();
    const roots = [1, 2, 3, 4, 5].map((index) => bench.say(`@deckhand fix number ${index}`));
    await until(() => bench.deckhand.sessionIds().length === 5, 'the sessions');
    await until(() => posts() > 0, 'the first card');
    await app.delivery.rebuildAll();
    for (const root of roots) await bench.shown(root, 'actions');
    await quiet(app);
    expect(roots.map((root) => texts(root).length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('of a thread whose card is on its way to Slack posts nothing twice', async () => {
    const app = await bench.start();
    bench.slack.faults.add({ method: 'chat.postMessage', delayMs: 700 });
    const root = bench.say('@deckhand fix the cart');
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
    const sessionId = only(bench.deckhand.sessionIds());
    await until(() => bench.slack.faults.state().calls.length === 0, 'the card is on its way');
    await app.delivery.rebuild(sessionId);
    await bench.shown(root, 'actions');
    await quiet(app);
    expect(texts(root)).toHaveLength(1);
  });
});

describe('a card that waits for its turn', () => {
  it('and leaves while what it should say changes, is posted once', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const faults = atPoint('outbox.after_desire', () => gate);
    const app = await bench.start({ faults });
    bench.say('@deckhand fix one');
    bench.say('@deckhand fix two');
    const root = bench.say('@deckhand fix three');
    await until(() => bench.deckhand.sessionIds().length === 3 && posts() === 2, 'two cards');
    const sessionId = bench.deckhand.sessionIds()[2] ?? 'ses_none';
    faults.isArmed = true;
    const turnId = only(turnsOf(bench.deckhand, sessionId));
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    await until(() => faults.passed === 1, 'a newer card is written down');
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await until(() => faults.passed === 2, 'and one that is newer still');
    await until(() => posts() === 3, 'the oldest one has left');
    faults.isArmed = false;
    open();
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    await quiet(app);
    expect(texts(root)).toHaveLength(2);
  });
});

describe('a store that fails for a moment', () => {
  it('behind a post doubles nothing', async () => {
    const faults = atPoint('sender.after_call', async () => {
      faults.isArmed = false;
      throw new Error('the database is locked');
    });
    faults.isArmed = true;
    const app = await bench.start({ faults });
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    await bench.shown(root, 'Rounded once.');
    await quiet(app);
    expect(texts(root)).toHaveLength(2);
  });

  it('before a post leaves it to be posted, and nothing is stuck', async () => {
    const faults = atPoint('sender.before_call', async () => {
      faults.isArmed = faults.passed < 3;
      throw new Error('the database is locked');
    });
    const app = await bench.start({ faults });
    const { root, sessionId, turnId } = await mention();
    faults.isArmed = true;
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    expect((await app.delivery.health()).stuck).toEqual([]);
  });
});

describe('a message that stands and may not be changed', () => {
  it.each(['edit_window_closed', 'cant_update_message'])('(%s) is not posted anew', async (error) => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    bench.slack.faults.add({ method: 'chat.update', error, times: 10 });
    bench.deckhand.append(sessionId, { type: 'pull_request.requested', title: 'x', body: '', draft: false });
    const before = edits();
    await until(() => edits() > before, 'the edit is refused');
    await quiet(app);
    expect(texts(root).filter((text) => text.includes('Rounded once.'))).toHaveLength(1);
    bench.slack.faults.clear();
    expect(await app.delivery.retry(sessionId, `turn/${turnId}/final`)).toBe(true);
    await bench.shown(root, 'pull request is being made');
    expect(texts(root)).toHaveLength(2);
  });
});

describe('a final that was deleted and that the place does not take anew', () => {
  it('is posted when the place is tried again', async () => {
    const app = await bench.start({ timing: NEVER_BY_ITSELF });
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    bench.slack.faults.add({ method: 'chat.update', error: 'message_not_found' });
    bench.slack.faults.add({
      method: 'chat.postMessage',
      error: 'restricted_action_thread_locked',
      times: 2,
    });
    bench.deckhand.append(sessionId, { type: 'pull_request.requested', title: 'x', body: '', draft: false });
    await until(async () => (await app.delivery.health()).stuck.length > 0, 'it is stuck');
    expect(await app.delivery.retry(sessionId, `turn/${turnId}/final`)).toBe(true);
    await bench.shown(root, 'pull request is being made');
  });
});

describe('a place that stays broken', () => {
  it('is not tried again because people talk in it', async () => {
    let skewMs = 0;
    const clock = { now: () => Date.now() + skewMs };
    const app = await bench.start({ timing: NEVER_BY_ITSELF, clock });
    const { sessionId, turnId } = await mention();
    const locked = { method: 'chat.postMessage', error: 'restricted_action_thread_locked', times: 50 };
    bench.slack.faults.add(locked);
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(async () => (await app.delivery.health()).stuck.length === 1, 'it is stuck');
    await until(() => posts() === 3, 'card, result, and what Ana should have heard');
    skewMs = 60_000;
    bench.say('so, lunch?', { as: BO });
    await until(() => bench.slack.pendingEvents() === 0, 'it is heard');
    await quiet(app);
    expect(posts()).toBe(3);
    expect((await app.delivery.health()).stuck).toHaveLength(1);
  });
});

describe('leases that were lost', () => {
  it('begin above what was written under the old ones', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    await bench.shown(root, 'scripted demo model');
    // Each start takes the lease over, under a newer token.
    for (const title of ['npm test', 'npm run lint']) {
      await bench.stop();
      await bench.start();
      bench.deckhand.append(sessionId, tool(title));
      await bench.shown(root, title);
    }
    await bench.stop();
    bench.lose('slack_leases');
    const app = await bench.start();
    const before = edits();
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    await quiet(app);
    expect(edits() - before).toBeLessThanOrEqual(2);
    expect(texts(root)).toHaveLength(2);
  });
});

describe('the figures of delivery', () => {
  it('count what waits while Slack is down, with the age of the oldest result', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId));
    await bench.shown(root, 'scripted demo model');
    bench.slack.faults.setDown(true);
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    const writes = async () => (await app.delivery.health()).writes;
    await until(async () => (await writes()).oldestFinalMs !== null, 'the result waits');
    await until(async () => (await writes()).queued === 2, 'card and result wait');
    bench.slack.faults.setDown(false);
    await bench.shown(root, 'Rounded once.');
    await quiet(app);
    expect((await writes()).oldestFinalMs).toBeNull();
    expect(bench.slack.calls('chat.postMessage').every(({ args }) => args['channel'] === ENGINEERING)).toBe(
      true,
    );
  });
});

describe('a copy that Slack does not let us delete', () => {
  it('holds up nothing', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    await post({ slot: `turn/${turnId}/card`, session: sessionId }, root);
    bench.slack.faults.add({ method: 'chat.delete', error: 'cant_delete_message', times: 100 });
    await app.delivery.rebuild(sessionId);
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await quiet(app);
    expect(bench.slack.calls('chat.delete')).toHaveLength(1);
  });
});

/** Posts as the app, with the mark of a slot of ours. */
async function post(slot: { readonly slot: string; readonly session: string }, root: string): Promise<void> {
  const response = await fetch(`${bench.slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bench.slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      channel: ENGINEERING,
      thread_ts: root,
      text: 'A copy.',
      metadata: { event_type: 'deckhand_slot', event_payload: slot },
    }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
}

describe('a card that somebody deleted', () => {
  it('is posted anew when a person wants it back, also in a thread that is at rest', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.update', error: 'message_not_found' });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await quiet(app);
    expect(await app.delivery.retry(sessionId, `turn/${turnId}/card`)).toBe(true);
    await bench.shown(root, '*Done*');
  });
});

describe('a result that stands', () => {
  it('is told to nobody in person because an edit of it, or a look at it, is refused', async () => {
    const app = await bench.start({ timing: NEVER_BY_ITSELF });
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    await quiet(app);
    const before = posts();
    bench.slack.faults.add({ method: 'chat.update', error: 'is_archived' });
    bench.deckhand.append(sessionId, { type: 'pull_request.requested', title: 'x', body: '', draft: false });
    await until(async () => (await app.delivery.health()).stuck.length === 1, 'the edit is stuck');
    bench.slack.faults.add({ method: 'conversations.replies', error: 'not_in_channel' });
    await app.delivery.rebuild(sessionId);
    await until(() => bench.slack.calls('conversations.replies').length > 0, 'it looked');
    await until(async () => (await app.delivery.health()).stuck.length > 0, 'the look was refused');
    expect(posts()).toBe(before);
  });
});

describe('a stop sign on a follow-up', () => {
  it('that waits in a session that is about to begin it takes it back', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    const reply = bench.say('and the basket', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the follow-up');
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    bench.slack.people.react({ as: BO, channel: ENGINEERING, ts: reply, name: 'octagonal_sign' });
    await bench.shown(root, '*Cancelled*');
  });
});

describe('a sentence for one person', () => {
  it('is said again when Slack did not take it for a passing reason', async () => {
    await bench.close();
    bench = await createBench({ repositories: ['acme/shop', 'acme/web'] });
    await bench.start();
    bench.slack.faults.add({ method: 'chat.postEphemeral', error: 'internal_error' });
    bench.say('@deckhand fix the cart');
    await until(() => bench.slack.calls('chat.postEphemeral').length === 2, 'it is said again');
    expect(bench.slack.calls('chat.postEphemeral')[1]?.answer).toMatchObject({ ok: true });
  });
});

describe('a reply that cannot be worked on', () => {
  it('is not given up in silence', async () => {
    await bench.start();
    const { root } = await mention();
    bench.deckhand.fail('requestTurn', new UpstreamError('code_host.refused', 'no'));
    bench.say('and the basket', { threadTs: root });
    await until(
      () =>
        bench.slack
          .calls('chat.postEphemeral')
          .some(({ args }) => String(args['text']).includes('broke on our side')),
      'its author hears of it',
    );
  });
});

describe('a card whose post has to be tried again', () => {
  it('stands before the result all the same', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'internal_error' });
    await bench.start();
    const root = bench.say('@deckhand fix the cart');
    await until(() => posts() === 1, 'the card is not taken');
    const sessionId = only(bench.deckhand.sessionIds());
    bench.deckhand.append(
      sessionId,
      started(only(turnsOf(bench.deckhand, sessionId))),
      finished('Rounded once.'),
    );
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    expect(texts(root)[1]).toContain('Rounded once.');
  });
});
