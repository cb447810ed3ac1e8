import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { ANA, type Bench, BOT, contentOf, createBench, ours } from '../slack-app/bench.ts';
import { finished, only, RUN, started, tool, turnsOf } from '../slack-app/scene.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

async function mention() {
  const root = bench.say('@deckhand fix the failing test in the cart');
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, sessionId, turnId: only(turnsOf(bench.deckhand, sessionId)) };
}

describe('a crash of the app', () => {
  it('in the middle of a turn doubles nothing, and what happened meanwhile is shown', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId));
    await bench.stop();
    bench.deckhand.append(sessionId, tool('npm test'), finished('Rounded once.'));
    await bench.start();
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });

  it('when a thread was at rest shows what came into its log meanwhile', async () => {
    const app = await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    await until(async () => (await app.delivery.health()).writes.queued === 0, 'the thread is at rest');
    await bench.stop();
    const headSha = 'a'.repeat(40);
    const pullRequest = { number: 7, url: 'http://127.0.0.1:4001/7', title: 'Round once', draft: false };
    bench.deckhand.append(sessionId, { type: 'pull_request.opened', headSha, ...pullRequest });
    await bench.start();
    await bench.shown(root, '#7');
  });

  it('after all was sent costs no call at the next start', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    await bench.stop();
    const before = bench.slack.calls().length;
    await bench.start();
    bench.say('@deckhand something else');
    await until(() => bench.slack.calls('chat.postMessage').length === 3, 'the card of the new session');
    const since = bench.slack.calls().slice(before);
    expect(since.filter((call) => call.method === 'chat.update')).toHaveLength(0);
  });

  it('between posting and writing it down finds its own message again', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', dropAnswer: true });
    await bench.start();
    const root = bench.say('@deckhand fix the cart');
    await until(() => ours(bench.thread(root)).length === 1, 'the post that was cut off');
    await bench.stop();
    await bench.start();
    const sessionId = only(bench.deckhand.sessionIds());
    bench.deckhand.append(
      sessionId,
      started(only(turnsOf(bench.deckhand, sessionId))),
      finished('Rounded once.'),
    );
    await bench.shown(root, '*Done*');
    await bench.shown(root, 'Rounded once.');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });
});

const posts = () => bench.slack.calls('chat.postMessage');

type Call = ReturnType<typeof posts>[number];

function between(earlier: Call | undefined, later: Call | undefined): number {
  return (later?.at ?? 0) - (earlier?.at ?? Number.POSITIVE_INFINITY);
}

describe('an outage of Slack', () => {
  it('that cuts the answer of a post does not double it', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', dropAnswer: true, times: 2 });
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, '*Done*');
    await bench.shown(root, 'Rounded once.');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });

  it('leaves the final message to be sent when it is over', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.setDown(true);
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(() => bench.slack.sockets() === 0, 'the sockets are cut');
    bench.slack.faults.setDown(false);
    await bench.shown(root, 'Rounded once.');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });

  it('in the form of a rate limit is waited out, while other channels go on', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    // Longer than posts of one channel are apart anyway.
    bench.slack.faults.add({ method: 'chat.postMessage', status: 429, retryAfterSeconds: 3 });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(() => posts().at(-1)?.status === 429, 'Slack says to wait');
    const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
    bench.say('something else', { channel: dm.id });
    await bench.shown(root, 'Rounded once.');
    expect(ours(bench.thread(root))).toHaveLength(2);
    const [refused, other, taken] = posts().slice(1);
    expect(other?.args['channel']).toBe(dm.id);
    expect(between(refused, taken)).toBeGreaterThanOrEqual(3_000);
  });

  it('that does not say how long to wait is asked again ever more rarely', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'ratelimited', times: 2 });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    const [first, second, taken] = posts().slice(1);
    expect(between(first, second)).toBeGreaterThanOrEqual(1_000);
    expect(between(second, taken)).toBeGreaterThanOrEqual(2_000);
  });
});

describe('a message that Slack refuses', () => {
  it('for its blocks is sent in plain ones', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'invalid_blocks' });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded **once**.'));
    const final = await bench.shown(root, 'Rounded **once**.');
    expect(contentOf(final)).not.toContain('"markdown"');
  });

  it('for good is not sent again and again', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.slack.faults.add({ method: 'chat.update', error: 'message_not_found', times: 100 });
    bench.deckhand.append(sessionId, started(turnId));
    await until(() => bench.slack.calls('chat.update').length === 1, 'the refused edit');
    for (let step = 0; step < 20; step += 1) bench.deckhand.append(sessionId, tool(`step ${step}`));
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    expect(bench.slack.calls('chat.update').length).toBeLessThanOrEqual(2);
  });
});

describe('screenshots', () => {
  it('are uploaded into the thread once, also when the answer is cut off', async () => {
    await bench.start();
    const { root, sessionId, turnId } = await mention();
    bench.deckhand.keepArtifact('art_shot', 'cart.png', new Uint8Array([137, 80, 78, 71]));
    bench.slack.faults.add({ method: 'files.completeUploadExternal', dropAnswer: true });
    bench.deckhand.append(
      sessionId,
      started(turnId),
      {
        type: 'artifact.added',
        artifactId: 'art_shot',
        runId: RUN,
        kind: 'screenshot',
        name: 'cart.png',
        mime: 'image/png',
        size: 4,
      },
      finished('Looks right now.'),
    );
    await bench.shown(root, 'Looks right now.');
    await until(() => bench.slack.calls('conversations.replies').length > 0, 'it looked for its upload');
    const uploads = bench.thread(root).filter((message) => (message.files ?? []).length > 0);
    expect(uploads).toHaveLength(1);
    expect(uploads[0]?.files?.[0]).toMatchObject({ title: 'cart.png' });
  });
});

describe('a start', () => {
  it('with a token that Slack refuses ends with one clear sentence', async () => {
    await expect(bench.start({ botToken: 'xoxb-wrong' })).rejects.toThrow(
      /^Slack does not accept SLACK_BOT_TOKEN/,
    );
    await expect(bench.start({ appToken: 'xapp-wrong' })).rejects.toThrow(
      /^Slack does not accept SLACK_APP_TOKEN/,
    );
    await expect(bench.start({ botToken: 'xapp-swapped' })).rejects.toThrow(/it has to begin with xoxb-/);
  });

  it('opens two sockets and says so', async () => {
    const app = await bench.start();
    await until(() => app.health().sockets === 2, 'two sockets');
    expect(bench.slack.sockets()).toBe(2);
  });
});
