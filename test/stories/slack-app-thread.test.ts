import { UpstreamError } from 'orchestrator/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import { finished, only, PATCH, RUN, started, tool, turnsOf } from '../slack-app/scene.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

async function mention(text = `@deckhand fix the failing test in the cart`) {
  const root = bench.say(text);
  const card = await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, card, sessionId };
}

describe('a mention', () => {
  it('opens one session and posts one card in its thread', async () => {
    await bench.start();
    const { root, card, sessionId } = await mention();
    expect(card.threadTs).toBe(root);
    expect(contentOf(card)).toContain('fix the failing test in the cart');
    expect(contentOf(card)).toContain('acme/shop');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(1);
  });

  it('is worked on once, however often Slack tells of it', async () => {
    bench.slack.faults.duplicateEvents('app_mention', 3);
    bench.slack.faults.duplicateEvents('message', 3);
    await bench.start();
    const { root, sessionId } = await mention();
    await until(() => bench.slack.pendingEvents() === 0, 'all events are acknowledged');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(1);
    expect(ours(bench.thread(root))).toHaveLength(1);
  });

  it('is worked on when it came while nobody listened', async () => {
    const root = bench.say(`@deckhand fix the cart`);
    await bench.start();
    await bench.shown(root, 'fix the cart');
    expect(bench.deckhand.sessionIds()).toHaveLength(1);
  });

  it('is not lost when the first try fails for a passing reason', async () => {
    bench.deckhand.fail('openSession', new UpstreamError('code_host.unreachable', 'down'));
    await bench.start();
    await mention();
  });

  it('in the middle of a thread brings what was said before', async () => {
    await bench.start();
    const root = bench.say('The total is wrong with two coupons.', { as: BO });
    bench.say('Since yesterday, I think.', { threadTs: root, as: BO });
    bench.say(`@deckhand please look`, { threadTs: root });
    await bench.shown(root, 'please look');
    const [, second] = bench.deckhand.entries(only(bench.deckhand.sessionIds()));
    expect(second?.event).toMatchObject({
      text: '<thread>\nbo: The total is wrong with two coupons.\nbo: Since yesterday, I think.\n</thread>\n\nplease look',
    });
  });

  it('without words is answered with how it works, for its author only', async () => {
    await bench.start();
    const root = bench.say(`@deckhand`);
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'help');
    expect(bench.slack.calls('chat.postEphemeral')[0]?.args).toMatchObject({ user: ANA });
    expect(ours(bench.thread(root))).toHaveLength(0);
  });
});

describe('the card', () => {
  it('is edited in place while the agent works, and collapses beside one final message', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    const turnId = only(turnsOf(bench.deckhand, sessionId));
    bench.deckhand.keepArtifact('art_patch', 'change.patch', new TextEncoder().encode(PATCH));
    bench.deckhand.append(sessionId, started(turnId), {
      type: 'agent.planned',
      runId: RUN,
      todos: [
        { text: 'Run the tests', status: 'completed' },
        { text: 'Fix the rounding', status: 'in_progress' },
      ],
    });
    await bench.shown(root, 'Fix the rounding');
    bench.deckhand.append(sessionId, tool('npm test'));
    await bench.shown(root, 'running `npm test`');
    expect(ours(bench.thread(root))).toHaveLength(1);
    bench.deckhand.append(
      sessionId,
      { type: 'check.finished', runId: RUN, command: 'npm test', exitCode: 0, durationMs: 2100, output: '' },
      finished('The totals are rounded once now.'),
    );
    const final = await bench.shown(root, 'The totals are rounded once now.');
    await bench.shown(root, '*Done*');
    const messages = ours(bench.thread(root));
    expect(messages).toHaveLength(2);
    expect(contentOf(final)).toContain('const total = sum(lines);');
    expect(contentOf(final)).toContain('`npm test` passed in 2s');
    expect(contentOf(final)).toContain('scripted demo model');
    expect(messages.map(contentOf).join()).not.toContain('"Stop"');
  });

  it('is stopped by its button, and says who did', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))));
    const card = await bench.shown(root, 'Starting');
    const pressed = await bench.slack.people.press({
      as: BO,
      container: { channel: ENGINEERING, ts: card.ts },
      action: buttonOf(card, 'Stop'),
    });
    expect(pressed).toEqual({ ok: true });
    await bench.shown(root, 'Stopping, asked by @bo');
    bench.deckhand.append(sessionId, { type: 'run.stopped', runId: RUN });
    await bench.shown(root, 'Stopped by @bo');
  });

  it('is stopped by the word alone, in a reply without a mention', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))));
    bench.say('Stop', { threadTs: root });
    await bench.shown(root, 'Stopping, asked by @ana');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(1);
  });
});

describe('a stop sign', () => {
  it('on the request or on the card stops the run', async () => {
    await bench.start();
    const { root, card, sessionId } = await mention();
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))));
    bench.slack.people.react({ as: BO, channel: ENGINEERING, ts: card.ts, name: 'octagonal_sign' });
    await bench.shown(root, 'Stopping, asked by @bo');
    bench.slack.people.react({ as: ANA, channel: ENGINEERING, ts: root, name: 'octagonal_sign' });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'the sentence for Ana');
    expect(bench.slack.calls('chat.postEphemeral')[0]?.args).toMatchObject({
      text: 'It is being stopped already.',
    });
  });
});

describe('a reply in the thread of a session', () => {
  it('asks for the next turn, waits in line with an eye on it, and can be cancelled', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))));
    const reply = bench.say('and add a test', { threadTs: root });
    const waiting = await bench.shown(root, 'Waiting, 1st in line');
    await until(
      () => bench.thread(root).find((message) => message.ts === reply)?.reactions[0]?.name === 'eyes',
      'the reply is acknowledged',
    );
    await bench.slack.people.press({
      as: ANA,
      container: { channel: ENGINEERING, ts: waiting.ts },
      action: buttonOf(waiting, 'Cancel'),
    });
    await bench.shown(root, '*Cancelled* by @ana before it began.');
  });

  it('is left alone when it is for somebody else or an aside', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.say(`@bo what do you think?`, { threadTs: root });
    bench.say('(aside) this is taking long', { threadTs: root });
    bench.say('use the euro', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length > 1, 'the reply to us');
    await until(() => bench.slack.pendingEvents() === 0, 'all events are acknowledged');
    expect(turnsOf(bench.deckhand, sessionId)).toHaveLength(2);
  });
});

describe('a question', () => {
  async function ask({ root, sessionId }: Pick<Awaited<ReturnType<typeof mention>>, 'root' | 'sessionId'>) {
    bench.deckhand.append(sessionId, started(only(turnsOf(bench.deckhand, sessionId))), {
      type: 'question.asked',
      questionId: 'que_1',
      runId: RUN,
      questions: [
        {
          text: 'Which currency?',
          options: [
            { label: 'EUR', description: 'as in the shop' },
            { label: 'USD', description: '' },
          ],
          multiple: false,
        },
      ],
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    });
    return { root, question: await bench.shown(root, 'Which currency?') };
  }

  it('is answered by a button, and then says by whom; a second press is told that it is over', async () => {
    await bench.start();
    const { root, question } = await ask(await mention());
    const press = { container: { channel: ENGINEERING, ts: question.ts }, action: buttonOf(question, 'EUR') };
    await bench.slack.people.press({ as: ANA, ...press });
    const answered = await bench.shown(root, 'answered by @ana: EUR');
    expect(answered.ts).toBe(question.ts);
    await bench.slack.people.press({ as: BO, ...press });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'the sentence for Bo');
    expect(bench.slack.calls('chat.postEphemeral')[0]?.args).toMatchObject({ user: BO });
  });

  it('is answered by a reply', async () => {
    await bench.start();
    const { root } = await ask(await mention());
    bench.say('usd', { threadTs: root, as: BO });
    await bench.shown(root, 'answered by @bo: USD');
  });

  it('is not answered by a reply of which Slack tells late, and that was written before it', async () => {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.slack.faults.delayEvents('message', { delayMs: 1_000, times: 1 });
    bench.say('and update the changelog', { threadTs: root, as: BO });
    await ask({ root, sessionId });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the reply is a follow-up');
    bench.say('usd', { threadTs: root, as: BO });
    await bench.shown(root, 'answered by @bo: USD');
  });
});

describe('Create PR', () => {
  async function done() {
    await bench.start();
    const { root, sessionId } = await mention();
    bench.deckhand.append(
      sessionId,
      started(only(turnsOf(bench.deckhand, sessionId))),
      finished('Rounded once.'),
    );
    const final = await bench.shown(root, 'Rounded once.');
    await bench.slack.people.press({
      as: ANA,
      container: { channel: ENGINEERING, ts: final.ts },
      action: buttonOf(final, 'Create PR'),
    });
    const view = only(bench.slack.people.openViews(ANA));
    return { root, sessionId, view };
  }
  const filled = (title: string) => ({
    title: { value: { type: 'plain_text_input', value: title } },
    body: { value: { type: 'plain_text_input', value: 'Rounded once.' } },
    draft: { value: { type: 'checkboxes', selected_options: [{ value: 'draft' }] } },
  });

  it('opens a form that is filled in, and asks for the pull request; its card follows it', async () => {
    const { root, sessionId, view } = await done();
    expect(JSON.stringify(view.blocks)).toContain('Rounded once.');
    const submitted = await bench.slack.people.submit({
      as: ANA,
      viewId: view.id,
      values: filled('Round once'),
    });
    expect(submitted).toEqual({ ok: true });
    await bench.shown(root, 'The pull request is being made.');
    expect(bench.deckhand.entries(sessionId).at(-1)).toMatchObject({
      actor: { kind: 'member', id: ANA, name: 'ana' },
      event: { type: 'pull_request.requested', title: 'Round once', draft: true },
    });
    const ref = { number: 7, url: 'http://127.0.0.1:4001/acme/shop/pull/7' };
    bench.deckhand.append(sessionId, {
      type: 'pull_request.opened',
      ...ref,
      title: 'Round once',
      headSha: 'a'.repeat(40),
      draft: false,
    });
    const card = await bench.shown(root, 'waiting for review');
    await bench.shown(root, 'Open PR #7');
    bench.deckhand.append(sessionId, { type: 'pull_request.merged', ...ref, by: 'bo' });
    const merged = await bench.shown(root, '*merged* by bo');
    expect(merged.ts).toBe(card.ts);
  });

  it('is told to who presses it when there is a pull request already', async () => {
    const { root, sessionId } = await done();
    const stale = await bench.shown(root, '"Create PR"');
    const ref = { number: 7, url: 'http://127.0.0.1:4001/acme/shop/pull/7' };
    bench.deckhand.append(sessionId, {
      type: 'pull_request.opened',
      ...ref,
      title: 'Round once',
      headSha: 'a'.repeat(40),
      draft: false,
    });
    await bench.slack.people.press({
      as: BO,
      container: { channel: ENGINEERING, ts: stale.ts },
      action: buttonOf(stale, 'Create PR'),
    });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'the sentence for Bo');
    expect(bench.slack.people.openViews(BO)).toHaveLength(0);
  });

  it('says in the form why it is refused', async () => {
    const { sessionId, view } = await done();
    bench.deckhand.append(sessionId, { type: 'pull_request.requested', title: 'x', body: '', draft: false });
    const submitted = await bench.slack.people.submit({
      as: ANA,
      viewId: view.id,
      values: filled('Round once'),
    });
    expect(submitted).toEqual({ ok: false, errors: { title: 'The pull request is being made already.' } });
  });
});

describe('elsewhere', () => {
  it('a direct message opens a session without a mention', async () => {
    await bench.start();
    const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
    bench.say('fix the cart', { channel: dm.id });
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
  });

  it('the Home shows how it works and the sessions of its person', async () => {
    await bench.start();
    await mention();
    bench.slack.people.openHome({ as: ANA, tab: 'home' });
    await until(() => bench.slack.people.home(ANA) !== null, 'the Home');
    expect(JSON.stringify(bench.slack.people.home(ANA))).toContain('fix the failing test in the cart');
  });

  it('an unknown repository is said with those that there are', async () => {
    await bench.close();
    bench = await createBench({ repositories: ['acme/shop', 'acme/web'] });
    await bench.start();
    bench.say('@deckhand fix it');
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'the sentence');
    expect(bench.slack.calls('chat.postEphemeral')[0]?.args['text']).toContain('`acme/shop`, `acme/web`');
  });

  it('the command and buttons of an older release are answered', async () => {
    await bench.start();
    expect(
      await bench.slack.people.command({ as: ANA, channel: ENGINEERING, text: '/deckhand help' }),
    ).toEqual({
      ok: true,
    });
    const { card } = await mention();
    const action = { ...buttonOf(card, 'Stop'), action_id: 'long_gone' };
    const container = { channel: ENGINEERING, ts: card.ts };
    expect(await bench.slack.people.press({ as: ANA, container, action })).toEqual({ ok: true });
    await until(() => bench.slack.calls('chat.postEphemeral').length === 1, 'the sentence');
  });
});
