import { type SessionEvent, type SessionId, type TurnId, UpstreamError } from 'orchestrator/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../local/src/slack/page-api.ts';
import { until } from '../../orchestrator/src/testing/until.ts';
import {
  ANA,
  type Bench,
  BO,
  BOT,
  buttonOf,
  contentOf,
  createBench,
  ENGINEERING,
  ours,
} from '../slack-app/bench.ts';
import { CHANGE, finished, only, PREPARED, RUN, started, turnsOf } from '../slack-app/scene.ts';

/** A guest of the local workspace. */
const CHIDI = 'U0CHIDI000';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
  await bench.start();
});
afterEach(() => bench.close());

async function running() {
  const root = bench.say('@deckhand fix the cart');
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  const turnId = only(turnsOf(bench.deckhand, sessionId));
  bench.deckhand.append(sessionId, started(turnId), PREPARED);
  const card = await bench.shown(root, 'Stop');
  return { root, card, sessionId, turnId };
}

function press(as: string, ts: string, action: ReturnType<typeof buttonOf>) {
  return bench.slack.people.press({ as, container: { channel: ENGINEERING, ts }, action });
}

function react(as: string, ts: string): void {
  bench.slack.people.react({ as, channel: ENGINEERING, ts, name: 'octagonal_sign' });
}

function happened(sessionId: SessionId, type: SessionEvent['type']) {
  return bench.deckhand.entries(sessionId).filter(({ event }) => event.type === type);
}

async function whispered(sentence: RegExp): Promise<void> {
  const said = () => bench.slack.calls('chat.postEphemeral').map((call) => String(call.args['text']));
  await until(() => said().some((text) => sentence.test(text)), `a sentence like ${sentence}`);
}

async function followUp(
  root: string,
  sessionId: SessionId,
  text: string,
): Promise<{ ts: string; turnId: TurnId }> {
  const before = turnsOf(bench.deckhand, sessionId).length;
  const ts = bench.say(text, { threadTs: root });
  await until(() => turnsOf(bench.deckhand, sessionId).length > before, text);
  const turnId = turnsOf(bench.deckhand, sessionId).at(-1);
  if (!turnId) throw new Error('no turn');
  return { ts, turnId };
}

/** Whether a message has this button now. */
function offers(root: string, { ts }: Message, label: string): boolean {
  const now = bench.thread(root).find((message) => message.ts === ts);
  return now !== undefined && contentOf(now).includes(`"${label}"`);
}

/** The engine's answer to a stop. */
function confirm(sessionId: SessionId): void {
  const summary = 'I had found the bug.';
  const todos = [
    { text: 'find the bug', status: 'completed' as const },
    { text: 'fix it', status: 'in_progress' as const },
  ];
  bench.deckhand.append(
    sessionId,
    { type: 'agent.planned', runId: RUN, todos },
    { type: 'run.stopped', runId: RUN, summary, change: CHANGE },
  );
}

describe('a stop', () => {
  it('is refused to a guest, in a sentence that only the guest sees', async () => {
    const { root, card, sessionId } = await running();
    await press(CHIDI, card.ts, buttonOf(card, 'Stop'));
    await whispered(/^Guests can read/);
    react(CHIDI, root);
    bench.say('stop', { threadTs: root, as: CHIDI });
    bench.say('@deckhand do this instead', { as: CHIDI });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 4, 'four sentences');
    expect(happened(sessionId, 'run.stop_requested')).toEqual([]);
    expect(bench.deckhand.sessionIds()).toEqual([sessionId]);
  });

  it('by a button of a turn that is over leaves the next one alone', async () => {
    const { root, card, sessionId } = await running();
    const { turnId } = await followUp(root, sessionId, 'and then this');
    bench.deckhand.append(sessionId, finished('ok'), started(turnId, 'run_2'));
    await press(ANA, card.ts, buttonOf(card, 'Stop'));
    await whispered(/over already/);
    expect(happened(sessionId, 'run.stop_requested')).toEqual([]);
  });

  it('outside of a thread means the one thing that is worked on there, and says which', async () => {
    const dm = bench.slack.people.openDm({ as: BO, with: BOT }).id;
    bench.say('fix the cart', { channel: dm, as: BO });
    await until(() => bench.deckhand.sessionIds().length === 1, 'a session');
    const sessionId = only(bench.deckhand.sessionIds());
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))), PREPARED);
    bench.say('stop, please', { channel: dm, as: BO });
    await whispered(/^Stopping “fix the cart”\.$/);
    expect(happened(sessionId, 'run.stop_requested')).toMatchObject([{ actor: { id: BO } }]);
    bench.say('Stop', { channel: dm, as: BO });
    await whispered(/being stopped already/);
    confirm(sessionId);
    bench.say('stop!', { channel: dm, as: BO });
    await whispered(/^Nothing is running/);
  });

  it('outside of a thread is not said to have found nothing because Slack did not take what it had found', async () => {
    const { sessionId } = await running();
    bench.slack.faults.add({ method: 'chat.postEphemeral', status: 500 });
    bench.say('@deckhand stop');
    await until(() => happened(sessionId, 'run.stop_requested').length === 1, 'the stop');
    confirm(sessionId);
    // Waits for the one before.
    bench.say('@deckhand stop', { as: BO });
    const told = (user: string) =>
      bench.slack
        .calls('chat.postEphemeral')
        .flatMap(({ args }) => (args['user'] === user ? args['text'] : []));
    await until(() => told(BO).length === 1, 'a sentence');
    expect(told(BO)).toEqual(['Nothing is running.']);
    expect(told(ANA)).toEqual(['Stopping “fix the cart”.']);
  });

  it('outside of a thread ends none of several, and reaches what has not begun', async () => {
    bench.say('@deckhand fix the cart');
    await until(() => bench.deckhand.sessionIds().length === 1, 'a session');
    bench.say('@deckhand fix the door');
    await until(() => bench.deckhand.sessionIds().length === 2, 'another session');
    bench.say('@deckhand stop', { as: BO });
    await whispered(/^More than one request/);
    const [first, second] = bench.deckhand.sessionIds();
    if (!first || !second) throw new Error('two sessions');
    bench.deckhand.append(first, started(only(turnsOf(bench.deckhand, first))), finished('ok'));
    bench.say('@deckhand stop', { as: BO });
    await until(() => happened(second, 'turn.cancelled').length === 1, 'the second is taken back');
    expect(happened(first, 'run.stop_requested')).toEqual([]);
  });

  it('outside of a thread that Slack tells of late spares what was asked for after it', async () => {
    for (const type of ['message', 'app_mention'])
      bench.slack.faults.delayEvents(type, { delayMs: 500, times: 1 });
    bench.say('@deckhand stop');
    bench.say('@deckhand fix the cart');
    await whispered(/^Nothing is running/);
    const sessionId = only(bench.deckhand.sessionIds());
    expect(happened(sessionId, 'turn.cancelled')).toEqual([]);
  });

  it.each(['a sign on it', 'the word'])(
    'waits for the request that it follows on the heels, by %s',
    async (how) => {
      // It is tried again half a second later.
      bench.deckhand.fail('openSession', new UpstreamError('code_host.unreachable', 'down'));
      const dm = bench.slack.people.openDm({ as: ANA, with: BOT }).id;
      const request = bench.say('fix the cart', { channel: dm });
      if (how === 'the word') bench.say('stop', { channel: dm });
      else bench.slack.people.react({ as: ANA, channel: dm, ts: request, name: 'octagonal_sign' });
      await until(() => bench.deckhand.sessionIds().length === 1, 'a session');
      const sessionId = only(bench.deckhand.sessionIds());
      await until(() => happened(sessionId, 'turn.cancelled').length === 1, 'the request is taken back');
    },
  );

  it('by a sign that comes to nothing is answered where the sign was put', async () => {
    const { root, card, sessionId } = await running();
    const second = await followUp(root, sessionId, 'and then this');
    bench.deckhand.append(
      sessionId,
      finished('ok'),
      started(second.turnId, 'run_2'),
      finished('ok', null, 'run_2'),
    );
    const places = () =>
      bench.slack.calls('chat.postEphemeral').map((call) => call.args['thread_ts'] ?? null);
    for (const [ts, place] of [
      [card.ts, root],
      [second.ts, root],
      [root, null],
    ] as const) {
      const before = places().length;
      react(BO, ts);
      await until(() => places().length > before, 'an answer');
      expect(places().at(-1)).toBe(place);
    }
  });

  it('by a sign on a follow-up takes that one back, and on a running one stops it', async () => {
    const { root, sessionId } = await running();
    const second = await followUp(root, sessionId, 'and then this');
    react(BO, second.ts);
    await until(() => happened(sessionId, 'turn.cancelled').length === 1, 'the follow-up is cancelled');
    expect(happened(sessionId, 'run.stop_requested')).toEqual([]);
    const third = await followUp(root, sessionId, 'or this');
    bench.deckhand.append(sessionId, finished('ok'), started(third.turnId, 'run_2'));
    react(BO, third.ts);
    await until(() => happened(sessionId, 'run.stop_requested').length === 1, 'the run is stopped');
  });

  it('ends in one message with what was done so far, to resume or to discard', async () => {
    const { root, sessionId, turnId } = await running();
    bench.say('stop', { threadTs: root });
    await bench.shown(root, 'Stopping, asked by @ana');
    confirm(sessionId);
    const final = await bench.shown(root, 'Stopped by @ana');
    for (const part of ['1 of 2 tasks done', 'find the bug', 'I had found the bug.', 'src/cart.js'])
      expect(contentOf(final)).toContain(part);
    await press(ANA, final.ts, buttonOf(final, 'Resume'));
    await press(ANA, final.ts, buttonOf(final, 'Resume'));
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the next turn');
    const [, resumed] = happened(sessionId, 'turn.requested');
    expect(resumed?.event).toMatchObject({
      text: 'Go on with: fix the cart',
      again: { of: turnId, why: 'resume' },
    });
    await whispered(/asked for again already/);
    await until(() => !offers(root, final, 'Resume'), 'the buttons are gone');
    expect(offers(root, final, 'Discard')).toBe(false);
    // Something waits to go on from it: it cannot be thrown away under its feet.
    const next = turnsOf(bench.deckhand, sessionId).at(-1) ?? turnId;
    bench.deckhand.append(sessionId, started(next, 'run_2'));
    await press(ANA, final.ts, buttonOf(final, 'Discard'));
    await until(() => bench.slack.calls('chat.postEphemeral').length === 2, 'the second sentence');
    expect(happened(sessionId, 'work.discard_requested')).toEqual([]);
  });

  it('can be followed by discarding the work, which the message then says', async () => {
    const { root, sessionId, turnId } = await running();
    bench.say('stop', { threadTs: root });
    await bench.shown(root, 'Stopping, asked by @ana');
    confirm(sessionId);
    const final = await bench.shown(root, 'Discard');
    await press(BO, final.ts, buttonOf(final, 'Discard'));
    await bench.shown(root, 'Discarding this work, asked by @bo');
    bench.deckhand.append(sessionId, { type: 'work.discarded', turnId, headSha: 'c'.repeat(40) });
    const said = await bench.shown(root, 'This work was discarded by @bo');
    expect(contentOf(said)).not.toContain('"Resume"');
    expect(ours(bench.thread(root))).toHaveLength(2);
  });
});

describe('Resume', () => {
  async function stopped() {
    const { root, sessionId } = await running();
    bench.say('stop', { threadTs: root });
    await bench.shown(root, 'Stopping, asked by @ana');
    confirm(sessionId);
    const final = await bench.shown(root, 'Stopped by @ana');
    const resume = () => press(ANA, final.ts, buttonOf(final, 'Resume'));
    return { root, sessionId, final, resume };
  }

  it('can be pressed again when the turn that it asked for was cancelled while it waited', async () => {
    const { root, sessionId, final, resume } = await stopped();
    await resume();
    const card = await bench.shown(root, 'Go on with: fix the cart');
    await until(() => !offers(root, final, 'Resume'), 'the button is gone');
    await press(BO, card.ts, buttonOf(card, 'Stop'));
    await until(() => offers(root, final, 'Resume'), 'the button is back');
    expect(offers(root, final, 'Discard')).toBe(true);
    await resume();
    await until(() => turnsOf(bench.deckhand, sessionId).length === 3, 'another turn');
    expect(bench.slack.calls('chat.postEphemeral')).toEqual([]);
  });

  it('asks once though its press is delivered again, and nobody is told otherwise', async () => {
    const { sessionId, resume } = await stopped();
    bench.deckhand.fail('askAgain', new UpstreamError('slack.unreachable', 'the answer was lost'));
    await resume();
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the next turn');
    // Presses are worked on one by one: what the first one says has been said before the second one's sentence.
    await resume();
    await whispered(/asked for again already/);
    expect(bench.slack.calls('chat.postEphemeral')).toHaveLength(1);
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });

  it('of an old outcome is refused after other work, and asks nothing', async () => {
    const { root, sessionId, final, resume } = await stopped();
    const other = await followUp(root, sessionId, 'something else');
    bench.deckhand.append(sessionId, started(other.turnId, 'run_2'), finished('Done', CHANGE, 'run_2'));
    await until(() => !offers(root, final, 'Resume'), 'the button is gone');
    await resume();
    await whispered(/^Other work was done since/);
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });
});

describe('follow-ups', () => {
  it('wait in line up to ten, are counted on the card, and an eleventh is refused', async () => {
    const { root, sessionId } = await running();
    for (let index = 1; index <= 10; index += 1) await followUp(root, sessionId, `follow-up ${index}`);
    await bench.shown(root, '10 follow-ups wait');
    bench.say('one too many', { threadTs: root });
    await whispered(/Ten requests are waiting already/);
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(11);
  });

  async function held() {
    const { root, sessionId } = await running();
    const second = await followUp(root, sessionId, 'add a test');
    await followUp(root, sessionId, 'and a note');
    bench.say('stop', { threadTs: root });
    await bench.shown(root, 'Stopping, asked by @ana');
    expect(bench.thread(root).map(contentOf).join()).not.toContain('2 follow-ups waited');
    confirm(sessionId);
    const question = await bench.shown(root, '2 follow-ups waited');
    return { root, sessionId, second, question };
  }

  it('that were held go on when somebody says so, and the question is over', async () => {
    const { root, sessionId, question } = await held();
    expect(contentOf(question)).toContain('add a test');
    await press(BO, question.ts, buttonOf(question, 'Go on'));
    await bench.shown(root, 'Going on with 2 follow-ups, said @bo');
    await press(BO, question.ts, buttonOf(question, 'Drop them'));
    await whispered(/No follow-ups wait/);
    expect(happened(sessionId, 'queue.released')).toHaveLength(1);
    expect(happened(sessionId, 'turn.cancelled')).toEqual([]);
  });

  it('that were held are dropped when somebody says so', async () => {
    const { root, sessionId, question } = await held();
    await press(ANA, question.ts, buttonOf(question, 'Drop them'));
    await bench.shown(root, '2 follow-ups dropped by @ana');
    expect(happened(sessionId, 'turn.cancelled')).toHaveLength(2);
  });

  it('that were held and ended one by one are not all said to be dropped by whoever dropped the rest', async () => {
    const { root, sessionId, second, question } = await held();
    bench.slack.people.remove({ as: ANA, channel: ENGINEERING, ts: second.ts });
    await until(() => happened(sessionId, 'turn.cancelled').length === 1, 'the first is taken back');
    await press(BO, question.ts, buttonOf(question, 'Drop them'));
    await bench.shown(root, '1 follow-up dropped · 1 follow-up dropped by @bo');
  });
});

describe('the last word of a turn', () => {
  it('names the reason of its tries', async () => {
    const { root, sessionId, turnId } = await running();
    const lost: SessionEvent = {
      type: 'run.failed',
      runId: RUN,
      code: 'run.lost',
      detail: '',
      retryAt: new Date().toISOString(),
    };
    bench.deckhand.append(sessionId, lost, { ...started(turnId, 'run_2'), attempt: 2 } as SessionEvent);
    bench.deckhand.append(sessionId, finished('ok', CHANGE, 'run_2'));
    await bench.shown(root, '2 tries: Deckhand was restarted in between');
  });

  it('offers to try again after a failure, and two presses ask once', async () => {
    const { root, sessionId } = await running();
    bench.deckhand.append(sessionId, {
      type: 'run.failed',
      runId: RUN,
      code: 'model.refused',
      detail: '',
      retryAt: null,
    });
    const final = await bench.shown(root, 'Retry');
    await press(ANA, final.ts, buttonOf(final, 'Retry'));
    await press(ANA, final.ts, buttonOf(final, 'Retry'));
    await whispered(/asked for again already/);
    expect(happened(sessionId, 'turn.requested').map(({ event }) => event)).toMatchObject([
      { text: 'fix the cart' },
      { text: 'Please try again: fix the cart' },
    ]);
  });
});
