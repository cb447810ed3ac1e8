import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/src/slack/page-api.ts';
import {
  ANA,
  ENGINEERING,
  entry,
  finals,
  gitHost,
  hasButton,
  logOf,
  personIn,
  slotsIn,
  startWorld,
  submitOpenModal,
  textOf,
  type World,
} from '../harness.ts';

const isFinal = (message: Message) => hasButton(message, 'Create PR');

describe('a thread becomes a pull request', () => {
  let world: World;
  let root: string;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('shows a card within a second of the mention', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const askedAt = Date.now();
    root = ana.say('@deckhand fix the failing test');
    const card = await ana.see(root, 'the card', (message) => hasButton(message, 'Stop'));
    expect(Date.now() - askedAt).toBeLessThan(1000);
    expect(textOf(card)).toContain('acme/shop');
  });

  it('ends in one final message with the diff, the check that was run, and a way to a pull request', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    await ana.see(root, 'the plan', (message) => textOf(message).includes('"type":"plan"'));
    const final = await ana.see(root, 'the final', isFinal);
    expect(textOf(final)).toContain('npm test');
    expect(textOf(final)).toMatch(/[+]\d+/);
    expect(textOf(final)).toContain('scripted demo model');
    await ana.see(root, 'the card at rest', (message) => /\*Done\*/.test(textOf(message)));
    expect(finals(world)).toBe(1);
  });

  it('opens the pull request that the person words in a modal', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    await ana.press(await ana.see(root, 'the final', isFinal), 'Create PR');
    await submitOpenModal(world.workspace, ANA, { title: 'Fix the discount' });
    const card = await ana.see(root, 'the pull request', (message) =>
      textOf(message).includes('Fix the discount'),
    );
    expect(textOf(card)).toContain('#1');
    const pull = await gitHost(world, 'GET', '/repositories/acme/shop/pulls/1');
    expect(pull).toMatchObject({ title: 'Fix the discount', state: 'open' });
  });

  it('goes on with the same work when somebody replies, and the pull request follows', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const before = await gitHost(world, 'GET', '/repositories/acme/shop/pulls/1');
    ana.say('also add a test for the empty list', root);
    await ana.see(root, 'the second final', () => finals(world) === 2);
    const prepared = (await logOf(world, root)).flatMap(({ event }) =>
      event.type === 'run.prepared' ? [event] : [],
    );
    expect(prepared).toHaveLength(2);
    expect(prepared[1]).toMatchObject({
      sandboxId: prepared[0]?.sandboxId,
      agentSessionId: prepared[0]?.agentSessionId,
    });
    await entry(world, root, 'pull_request.updated');
    const after = await gitHost(world, 'GET', '/repositories/acme/shop/pulls/1');
    expect(after).not.toMatchObject({ headSha: 'headSha' in before ? before['headSha'] : null });
  });

  it('says in the thread that the pull request was merged', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    await gitHost(world, 'POST', '/repositories/acme/shop/pulls/1/merge', { by: 'Bo' });
    await ana.see(root, 'the merge', (message) => /merged/i.test(textOf(message)));
  });

  it('never wrote a message twice', () => {
    const slots = slotsIn(world.workspace);
    expect(slots).toEqual([...new Set(slots)]);
  });
});
