import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  BO,
  ENGINEERING,
  entry,
  finals,
  hasButton,
  logOf,
  personIn,
  startWorld,
  textOf,
  type World,
} from '../harness.ts';

describe('two threads at once', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('have a sandbox, a branch and a result of their own', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const bo = personIn(world.workspace, BO, ENGINEERING);
    const first = ana.say('@deckhand fix the failing test');
    const second = bo.say('@deckhand what does this project do?');
    await ana.see(first, 'the first final', (message) => hasButton(message, 'Create PR'));
    await entry(world, second, 'run.finished');
    await bo.see(second, 'the second final', () => finals(world) === 2);

    const [one, two] = await Promise.all([logOf(world, first), logOf(world, second)]);
    const placeOf = (log: typeof one) =>
      log.flatMap(({ event }) => (event.type === 'run.prepared' ? [event.sandboxId] : []));
    expect(placeOf(one)).toHaveLength(1);
    expect(placeOf(two)).toHaveLength(1);
    expect(placeOf(one)).not.toEqual(placeOf(two));
    const changed = (log: typeof one) =>
      log.flatMap(({ event }) => (event.type === 'run.finished' ? [event.change?.fileCount ?? 0] : []));
    expect(changed(one)).toEqual([expect.any(Number)]);
    expect(changed(one)[0]).toBeGreaterThan(0);
    expect(changed(two)).toEqual([0]);
    const botTexts = bo.thread(second).slice(1).map(textOf).join('\n');
    expect(botTexts).not.toContain('Create PR');
  });
});
