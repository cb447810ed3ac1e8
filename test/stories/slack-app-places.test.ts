import type { SessionId } from 'orchestrator/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import type { RunningSlackApp } from '../../slack-app/src/main.ts';
import { ANA, type Bench, BO, BOT, createBench, ENGINEERING, ours } from '../slack-app/bench.ts';
import { finished, only, started, turnsOf } from '../slack-app/scene.ts';

/** Long enough that only a sign that the place is mended can explain a message that comes at once. */
const NEVER_BY_ITSELF = { placeWaitMs: 600_000 };
const inEngineering = { as: BO, channel: ENGINEERING };

let bench: Bench;
let app: RunningSlackApp;
beforeEach(async () => {
  bench = await createBench();
  app = await bench.start({ timing: NEVER_BY_ITSELF });
});
afterEach(() => bench.close());

async function mention() {
  const root = bench.say('@deckhand fix the failing test in the cart');
  await bench.shown(root, 'actions');
  const sessionId = only(bench.deckhand.sessionIds());
  return { root, sessionId, turnId: only(turnsOf(bench.deckhand, sessionId)) };
}

/** What Deckhand told Ana in person. */
function toldAna(): readonly string[] {
  const dm = bench.slack.people.openDm({ as: ANA, with: BOT });
  const { messages } = bench.slack.people.messages({ as: ANA, channel: dm.id, limit: 10 });
  return ours(messages).map((message) => message.text);
}

async function stuckCodes(): Promise<readonly string[]> {
  return (await app.delivery.health()).stuck.map(({ code }) => code);
}

const PLACES = [
  {
    what: 'a channel that a person archives',
    codes: ['is_inactive', 'is_archived'],
    sentence: 'Unarchive it',
    break: () => bench.slack.people.archive(inEngineering),
    mend: () => bench.slack.people.unarchive(inEngineering),
  },
  {
    what: 'a channel that a person removes Deckhand from',
    codes: ['not_in_channel', 'not_in_channel'],
    sentence: '/invite @deckhand',
    break: () => bench.slack.people.removeMember({ ...inEngineering, user: BOT }),
    mend: () => bench.slack.people.invite({ ...inEngineering, user: BOT }),
  },
] as const;

/** A turn whose place breaks while it is worked on: its card and its final are stuck. */
async function finishedAfter(breakPlace: () => unknown): Promise<string> {
  const { root, sessionId, turnId } = await mention();
  bench.deckhand.append(sessionId, started(turnId));
  await bench.shown(root, 'scripted demo model');
  breakPlace();
  bench.deckhand.append(sessionId, finished('Rounded once.'));
  await until(async () => (await stuckCodes()).length === 2, 'card and final are stuck');
  return root;
}

describe.each(PLACES)('$what', (place) => {
  it('holds the result back, says so in person and in the console, and has it at once when it is mended', async () => {
    const root = await finishedAfter(place.break);
    expect((await stuckCodes()).toSorted()).toEqual(place.codes.toSorted());
    await until(() => toldAna().length === 1, 'Ana is told');
    expect(toldAna()[0]).toContain(place.sentence);
    expect(toldAna()[0]).toContain('Rounded once.');
    const tries = bench.slack.calls().length;
    place.mend();
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    await until(async () => (await stuckCodes()).length === 0, 'nothing is stuck');
    expect(bench.slack.calls().length - tries).toBeLessThanOrEqual(4);
    expect(toldAna()).toHaveLength(1);
    // What Slack itself says in person, such as of a removal, is no request.
    expect(bench.deckhand.sessionIds()).toHaveLength(1);
  });

  it('has the result at the next start when it was mended while nobody listened', async () => {
    const root = await finishedAfter(place.break);
    await bench.stop();
    place.mend();
    app = await bench.start({ timing: NEVER_BY_ITSELF });
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
  });
});

describe('a channel that a person renames', () => {
  it('keeps its threads', async () => {
    const { root, sessionId, turnId } = await mention();
    bench.slack.people.rename({ ...inEngineering, name: 'product' });
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await bench.shown(root, 'Rounded once.');
    bench.say('and the empty cart', { threadTs: root });
    await until(() => turnsOf(bench.deckhand, sessionId).length === 2, 'the follow-up');
  });
});

describe('a thread whose first message is deleted before anything stands in it', () => {
  it('is given up without trying again: the requester has the result in person, the console the reason', async () => {
    bench.slack.faults.add({ method: 'chat.postMessage', delayMs: 300 });
    const root = bench.say('@deckhand fix the failing test in the cart');
    await until(() => bench.deckhand.sessionIds().length === 1, 'the session');
    const sessionId = only(bench.deckhand.sessionIds());
    const turnId = only(turnsOf(bench.deckhand, sessionId));
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    bench.slack.people.remove({ as: ANA, channel: ENGINEERING, ts: root });
    await until(() => toldAna().length === 1, 'Ana is told');
    expect(toldAna()[0]).toContain('Rounded once.');
    const finalOf = async (of: SessionId) =>
      (await app.delivery.slots(of)).find(({ slot }) => slot === `turn/${turnId}/final`);
    expect(await finalOf(sessionId)).toMatchObject({ state: 'stuck', problem: { code: 'thread_not_found' } });
    // Nobody can mend it, so nobody is asked to.
    expect(await stuckCodes()).toEqual([]);
    const posts = bench.slack.calls('chat.postMessage').length;
    bench.say('@deckhand something else');
    await until(() => bench.slack.calls('chat.postMessage').length === posts + 1, 'only the next card');
    // A rebuild forgets what stands in the thread, not what was said in person.
    const looks = bench.slack.calls('conversations.replies').length;
    await app.delivery.rebuild(sessionId);
    await until(() => bench.slack.calls('conversations.replies').length > looks, 'a look into the thread');
    await until(async () => (await finalOf(sessionId))?.state === 'stuck', 'it is given up again');
    bench.say('@deckhand a third thing');
    await until(() => bench.slack.calls('chat.postMessage').length >= posts + 2, 'what comes after it');
    expect(toldAna()).toHaveLength(1);
  });
});

describe('a bot token that is replaced', () => {
  it('stops all writing with one clear sentence, and what waited is there after a start with the new one', async () => {
    const { root, sessionId, turnId } = await mention();
    bench.slack.rotateBotToken();
    bench.deckhand.append(sessionId, started(turnId), finished('Rounded once.'));
    await until(async () => (await app.delivery.health()).connection.state === 'refused', 'it is said');
    expect((await app.delivery.health()).connection.problem).toContain('Put a new SLACK_BOT_TOKEN in place');
    await bench.stop();
    const calls = bench.slack.calls().length;
    await bench.start();
    await bench.shown(root, 'Rounded once.');
    await bench.shown(root, '*Done*');
    const refused = bench.slack
      .calls()
      .slice(calls)
      .filter(({ answer }) => answer['ok'] !== true);
    expect(refused).toEqual([]);
  });
});
