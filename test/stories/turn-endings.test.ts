import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  ENGINEERING,
  entry,
  hasButton,
  logOf,
  personIn,
  slotsIn,
  startWorld,
  textOf,
  type World,
} from '../harness.ts';

/** Slots of the messages in one thread. */
function finalsOf(world: World, threadTs: string): number {
  const posted = world.workspace
    .calls('chat.postMessage')
    .filter((call) => call.args['thread_ts'] === threadTs);
  return posted.filter((call) => JSON.stringify(call.args['metadata']).includes('/final')).length;
}

describe('the end of a turn', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('is one failure message when the model refuses', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand fix the failing test with a broken model');
    const failed = await entry(world, root, 'run.failed');
    expect(failed.event).toMatchObject({ code: 'model.refused', retryAt: null });
    const final = await ana.see(
      root,
      'the failure',
      (message) => /model refused/i.test(textOf(message)) && hasButton(message, 'Retry'),
    );
    expect(textOf(final)).toContain('The model refused');
    await ana.see(root, 'that the post was answered', () => finalsOf(world, root) === 1);
  });

  it('is honest when the task cannot be done', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand deploy to production');
    const finished = await entry(world, root, 'run.finished');
    expect(finished.event).toMatchObject({ summary: expect.stringMatching(/not|no /i) });
    await ana.see(root, 'the final', () => finalsOf(world, root) === 1);
  });

  it('comes after a question was answered by a button', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand add a currency setting, ask me which one');
    const question = await ana.see(
      root,
      'the question',
      (message) => hasButton(message, 'GBP') || hasButton(message, 'USD'),
    );
    const labels = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'].filter((label) => hasButton(question, label));
    const choice = labels.at(-1) ?? '';
    await ana.press(question, choice);
    const answered = await entry(world, root, 'question.answered');
    expect(answered.actor).toMatchObject({ kind: 'member', id: ANA });
    const finished = await entry(world, root, 'run.finished');
    expect(finished.event).toMatchObject({ summary: expect.stringContaining(choice) });
    await ana.see(
      root,
      'the answered question',
      (message) => message.ts === question.ts && !hasButton(message, choice),
    );
  });

  it('is said when somebody stops the work, and nothing is left running', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand count slowly to 120');
    await entry(world, root, 'agent.tool_started');
    const card = await ana.see(root, 'the card', (message) => hasButton(message, 'Stop'));
    await ana.press(card, 'Stop');
    const stopped = await entry(world, root, 'run.stopped');
    const requested = (await logOf(world, root)).find(({ event }) => event.type === 'run.stop_requested');
    expect(requested?.actor).toMatchObject({ kind: 'member', id: ANA });
    expect(Date.parse(stopped.at) - Date.parse(requested?.at ?? '')).toBeLessThan(15_000);
    await ana.see(root, 'the final', () => finalsOf(world, root) === 1);
  });

  it('brings a screenshot of a page into the thread', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand take a screenshot of the cart page');
    const added = await entry(world, root, 'artifact.added');
    expect(added.event).toMatchObject({ kind: 'screenshot', mime: 'image/png' });
    const message = await ana.see(root, 'the picture', (candidate) => (candidate.files?.length ?? 0) > 0);
    const file = message.files?.[0];
    const picture = await fetch(new URL(file?.url ?? '', world.workspace.url), {
      headers: { 'sec-fetch-site': 'same-origin' }, // As the page's own <img> asks.
    });
    expect(new Uint8Array(await picture.arrayBuffer()).slice(1, 4)).toEqual(new TextEncoder().encode('PNG'));
  });

  it('tells honestly what the demo model cannot do', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand write me a poem about whales');
    const finished = await entry(world, root, 'run.finished');
    expect(finished.event).toMatchObject({ summary: expect.stringMatching(/scripted/i) });
    expect(slotsIn(world.workspace)).toEqual([...new Set(slotsIn(world.workspace))]);
  });
});
