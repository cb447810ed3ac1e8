import { type SessionEvent, type SessionId, UpstreamError } from 'orchestrator/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { ANA, type Bench, BO, BOT, contentOf, createBench, ENGINEERING, ours } from '../slack-app/bench.ts';
import { finished, only, PREPARED, RUN, started, turnsOf } from '../slack-app/scene.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
  await bench.start();
});
afterEach(() => bench.close());

async function asked(text = '@deckhand fix the crat') {
  const root = bench.say(text);
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, sessionId, turnId: only(turnsOf(bench.deckhand, sessionId)) };
}

function edit(ts: string, text: string, as = ANA): void {
  bench.slack.people.edit({ as, channel: ENGINEERING, ts, text });
}

function remove(ts: string, as = ANA): void {
  bench.slack.people.remove({ as, channel: ENGINEERING, ts });
}

function happened(sessionId: SessionId, type: SessionEvent['type']) {
  return bench.deckhand.entries(sessionId).filter(({ event }) => event.type === type);
}

async function whispered(sentence: RegExp): Promise<void> {
  const said = () => bench.slack.calls('chat.postEphemeral').map((call) => String(call.args['text']));
  await until(() => said().some((text) => sentence.test(text)), `a sentence like ${sentence}`);
}

describe('a request that its author edits', () => {
  it('before the agent was told of it is worked on in its new words, and the card says them', async () => {
    const { root, sessionId, turnId } = await asked();
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    bench.deckhand.append(sessionId, started(turnId));
    edit(root, '@deckhand fix the cart, please');
    await bench.shown(root, 'fix the cart, please');
    const [first] = happened(sessionId, 'turn.amended');
    expect(first).toMatchObject({
      actor: { kind: 'member', id: ANA },
      event: { turnId, text: 'fix the cart' },
    });
    expect(ours(bench.thread(root))).toHaveLength(1);
  });

  it('after that hears what can be done instead, and the request stays as it was', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    edit(root, '@deckhand fix the basket');
    await whispered(/^Work on this request began before you changed it/);
    expect(happened(sessionId, 'turn.amended')).toEqual([]);
  });

  it('into "stop" is stopped', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    edit(root, '@deckhand stop');
    await bench.shown(root, 'Stopping, asked by @ana');
    expect(happened(sessionId, 'run.stop_requested')).toHaveLength(1);
  });

  it('while it waits in line keeps its place', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    const reply = bench.say('and add a tset', { threadTs: root, as: BO });
    await bench.shown(root, 'and add a tset');
    edit(reply, 'and add a test', BO);
    const card = await bench.shown(root, 'and add a test');
    expect(contentOf(card)).toContain('Waiting, 1st in line');
  });

  it('when it is over changes nothing and meets no word', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    edit(root, '@deckhand fix the cart!');
    const next = bench.say('and the basket', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the reply after it');
    remove(next);
    await until(() => happened(sessionId, 'turn.cancelled').length === 1, 'the reply is taken back');
    expect(happened(sessionId, 'turn.amended')).toEqual([]);
    expect(bench.slack.calls('chat.postEphemeral')).toEqual([]);
  });
});

describe('a message that was for others', () => {
  it('and is edited to mention Deckhand begins a session, once', async () => {
    const root = bench.say('somebody should fix the cart');
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    edit(root, '@deckhand fix the cart now');
    await bench.shown(root, 'fix the cart now');
    expect(bench.deckhand.sessionIds()).toHaveLength(1);
  });

  it('is not lost in silence when it cannot be worked on', async () => {
    const root = bench.say('somebody should fix the cart');
    // Once more for the post, when that is worked on so late that it has these words already.
    bench.deckhand.fail('openSession', new UpstreamError('code_host.refused', 'no'), 2);
    edit(root, '@deckhand fix the cart');
    await whispered(/^Something broke on our side\. Please try it again\. Reference: /);
  });

  it('and was said in the thread before the mention stays what it was', async () => {
    const root = bench.say('the cart is wrong');
    const earlier = bench.say('since Mondy', { threadTs: root, as: BO });
    bench.say('@deckhand fix it', { threadTs: root });
    await bench.shown(root, 'fix it');
    const sessionId = only(bench.deckhand.sessionIds());
    edit(earlier, 'since Monday', BO);
    bench.say('and then this', { threadTs: root });
    await bench.shown(root, 'and then this');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });
});

describe('a message that was for Deckhand and got nowhere', () => {
  it('is taken as it was meant once its author corrects it', async () => {
    const root = bench.say('@deckhand');
    await whispered(/^Tell me what to do in the same message/);
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    const reply = bench.say('@deckhand', { threadTs: root, as: BO });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 2, 'help for Bo');
    edit(reply, '@deckhand and add a test', BO);
    await bench.shown(root, 'and add a test');
    expect(turnsOf(bench.deckhand, only(bench.deckhand.sessionIds()))).toHaveLength(2);
  });

  it('because it named no repository, is taken when it does', async () => {
    await bench.close();
    bench = await createBench({ repositories: ['acme/shop', 'acme/blog'] });
    await bench.start();
    const root = bench.say('@deckhand fix the cart');
    await whispered(/^More than one repository is set up/);
    edit(root, '@deckhand repo:shop fix the cart');
    await bench.shown(root, 'fix the cart');
  });
});

describe('a mention in a thread', () => {
  it('that is edited keeps what the thread said before', async () => {
    const root = bench.say('the cart rounds twice');
    const mention = bench.say('@deckhand fix ti', { threadTs: root });
    await bench.shown(root, 'fix ti');
    edit(mention, '@deckhand fix it');
    await bench.shown(root, 'fix it');
    const [amended] = happened(only(bench.deckhand.sessionIds()), 'turn.amended');
    expect(amended?.event).toMatchObject({ text: expect.stringMatching(/rounds twice[\s\S]*fix it$/) });
  });

  it('keeps it also while Slack cannot be read', async () => {
    const root = bench.say('the cart rounds twice');
    const mention = bench.say('@deckhand fix ti', { threadTs: root });
    await bench.shown(root, 'fix ti');
    bench.slack.faults.add({ method: 'conversations.replies', error: 'internal_error', times: 100 });
    edit(mention, '@deckhand fix it');
    await bench.shown(root, 'fix it');
    const [amended] = happened(only(bench.deckhand.sessionIds()), 'turn.amended');
    expect(amended?.event).toMatchObject({ text: expect.stringMatching(/rounds twice[\s\S]*fix it$/) });
  });
});

describe('an edit that names a repository', () => {
  it('is refused when the session works in another one', async () => {
    const { root, sessionId } = await asked('@deckhand repo:shop fix teh cart');
    edit(root, '@deckhand repo:blog fix the cart');
    await whispered(/^This session works in `acme\/shop`\. Ask in a new thread for another repository\.$/);
    expect(happened(sessionId, 'turn.amended')).toEqual([]);
  });

  it('does not tell the agent of its own', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand repo:shop fix teh cart');
    edit(root, '@deckhand repo:shop fix the cart');
    await bench.shown(root, 'fix the cart');
    expect(happened(sessionId, 'turn.amended').map(({ event }) => event)).toEqual([
      { type: 'turn.amended', turnId, text: 'fix the cart' },
    ]);
  });
});

describe('an answer that its author edits', () => {
  it('was passed on already, says a sentence, with a mention and without', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    const option = (label: string) => ({ label, description: '' });
    bench.deckhand.append(sessionId, started(turnId), PREPARED, {
      type: 'question.asked',
      questionId: 'que_1',
      runId: RUN,
      questions: [{ text: 'Which?', options: [option('A'), option('B')], multiple: false }],
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    await bench.shown(root, 'Which?');
    const reply = bench.say('A', { threadTs: root });
    await until(() => happened(sessionId, 'question.answered').length === 1, 'the answer');
    edit(reply, 'B');
    await whispered(/^Your answer was passed on before you changed it/);
    edit(reply, '@deckhand B');
    await until(() => bench.slack.calls('chat.postEphemeral').length === 2, 'the sentence again');
    expect(turnsOf(bench.deckhand, sessionId)).toEqual([turnId]);
  });
});

describe('a stop', () => {
  it('that is edited without being another wish stops nothing once more', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    const reply = bench.say('stop', { threadTs: root });
    await until(() => happened(sessionId, 'run.stop_requested').length === 1, 'the stop');
    edit(reply, '@deckhand stop!');
    bench.say('and then this', { threadTs: root });
    await bench.shown(root, 'and then this');
    expect(bench.slack.calls('chat.postEphemeral')).toEqual([]);
  });
});

describe('a request whose message is deleted', () => {
  it('is taken back while it waits, and the thread says why', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    const reply = bench.say('and add a test', { threadTs: root });
    await bench.shown(root, 'and add a test');
    remove(reply);
    await bench.shown(root, 'the message that asked for this was deleted');
    const [cancelled] = happened(sessionId, 'turn.cancelled');
    expect(cancelled).toMatchObject({ actor: { kind: 'system' }, event: { reason: 'message_deleted' } });
  });

  it('goes on while it is worked on, and its author hears how to end it', async () => {
    const { root, sessionId, turnId } = await asked('@deckhand fix the cart');
    bench.deckhand.append(sessionId, started(turnId), PREPARED);
    await bench.shown(root, 'scripted demo model');
    remove(root);
    await whispered(/deleted, but work on it had begun and goes on/);
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
  });

  it('goes on also where no thread is left, and its author hears of it in the channel', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', status: 429, retryAfterSeconds: 30 });
    const root = bench.say('@deckhand fix the cart');
    await until(() => bench.deckhand.sessionIds().length === 1, 'a session');
    const sessionId = only(bench.deckhand.sessionIds());
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))), PREPARED);
    remove(root);
    await whispered(/goes on\. You can end it in the <http:\S+\|console>\.$/);
    const places = bench.slack
      .calls('chat.postEphemeral')
      .map(({ args }) => args['thread_ts'] ?? 'the channel');
    expect(places).toEqual(['the channel']);
  });

  it('before anything stood in its thread: the requester gets the result in person, once, and nothing is tried again', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'thread_not_found', times: 100 });
    const root = bench.say('@deckhand fix the cart');
    await until(() => bench.slack.calls('chat.postMessage').length === 1, 'the card is refused');
    bench.slack.faults.clear();
    bench.slack.faults.add({ method: 'chat.postMessage', error: 'thread_not_found' });
    const sessionId = only(bench.deckhand.sessionIds());
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))), PREPARED);
    bench.deckhand.append(sessionId, finished('Rounded once.'));
    const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
    const told = () => bench.slack.people.messages({ as: ANA, channel: dm.id, limit: 10 }).messages;
    await until(() => told().length === 1, 'Ana is told');
    expect(told()[0]?.text).toContain('The message that the thread began with was deleted.');
    expect(told()[0]?.text).toContain('Rounded once.');
    expect(bench.slack.calls('chat.postMessage')).toHaveLength(3);
    expect(ours(bench.thread(root))).toEqual([]);
  });
});

describe('a log that cannot be read for a moment', () => {
  it('costs an edit nothing', async () => {
    const { root, sessionId, turnId } = await asked();
    await bench.stop();
    // The start reads it too, as far as it has to.
    bench.deckhand.fail('log', new Error('disk I/O error'), 2);
    await bench.start();
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    expect(happened(sessionId, 'turn.amended').map(({ event }) => event)).toEqual([
      { type: 'turn.amended', turnId, text: 'fix the cart' },
    ]);
  });
});

describe('events that come out of order', () => {
  async function late(count = 1): Promise<void> {
    bench.slack.faults.delayEvents('*', { delayMs: 400, times: count });
  }

  /** All that Slack has told is worked on: this came after it. */
  async function settled(root: string): Promise<void> {
    await until(() => bench.slack.pendingEvents() === 0, 'Slack has nothing to tell any more');
    bench.say('that is all', { threadTs: root });
    await bench.shown(root, 'that is all');
  }

  const wordsOf = (sessionId: SessionId) =>
    bench.deckhand
      .entries(sessionId)
      .flatMap(({ event }) =>
        event.type === 'turn.requested' || event.type === 'turn.amended' ? [event.text] : [],
      );

  it('leave a request in the words of the last edit', async () => {
    const { root, sessionId } = await asked('@deckhand fix the crat');
    await late();
    edit(root, '@deckhand fix the card');
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    await settled(root);
    expect(wordsOf(sessionId)).toEqual(['fix the crat', 'fix the cart', 'that is all']);
  });

  it('have a reply worked on as it was edited before we heard of it, also over a restart', async () => {
    const { root, sessionId } = await asked('@deckhand fix the cart');
    await late();
    const reply = bench.say('and add a tset', { threadTs: root, as: BO });
    edit(reply, 'and add a test', BO);
    bench.say('thanks', { threadTs: root });
    await bench.shown(root, 'thanks');
    await bench.stop();
    await bench.start();
    await settled(root);
    expect(wordsOf(sessionId)).toEqual(['fix the cart', 'thanks', 'and add a test', 'that is all']);
  });

  it('open a session once, in the words of the edit', async () => {
    await late(2);
    const root = bench.say('@deckhand fix the crat');
    edit(root, '@deckhand fix the cart');
    await bench.shown(root, 'fix the cart');
    await settled(root);
    expect(wordsOf(only(bench.deckhand.sessionIds()))).toEqual(['fix the cart', 'that is all']);
  });

  it('ask for nothing when the message was deleted before we heard of it', async () => {
    const { root, sessionId } = await asked('@deckhand fix the cart');
    await late();
    const reply = bench.say('and add a test', { threadTs: root, as: BO });
    remove(reply, BO);
    await settled(root);
    expect(wordsOf(sessionId)).toEqual(['fix the cart', 'that is all']);
  });
});
