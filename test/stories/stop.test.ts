import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  BO,
  ENGINEERING,
  entry,
  hasButton,
  logOf,
  personIn,
  startWorld,
  textOf,
  type World,
} from '../harness.ts';
import { processesNaming } from '../process.ts';

/** What runs in the sandboxes of a world: their folders are below its data folder. */
async function runningIn(world: World): Promise<readonly number[]> {
  const found = await processesNaming(`${world.dataDir}/sandboxes`);
  return found.filter((pid) => pid !== process.pid);
}

/** Waits until the agent has changed a file. */
async function edited(world: World, root: string): Promise<void> {
  const { sessionId } = await entry(world, root, 'run.started');
  const signal = AbortSignal.timeout(60_000);
  for await (const item of world.running.deckhand.follow(sessionId, { afterSeq: 0, signal })) {
    const event = item.kind === 'entry' ? item.entry.event : null;
    if (event?.type === 'agent.tool_finished' && event.tool === 'edit') return;
  }
  throw new Error('no file was changed');
}

describe('Stop', () => {
  let world: World;
  beforeAll(async () => {
    // At this pace there is time to stop in the middle.
    world = await startWorld({ env: { DEMO_PACE: 'demo' } });
  });
  afterAll(() => world.close());

  it('leaves nothing running, keeps the follow-ups, and offers to go on', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const bo = personIn(world.workspace, BO, ENGINEERING);
    const root = ana.say('@deckhand count slowly to 120');
    await entry(world, root, 'agent.tool_started');
    expect(await runningIn(world)).not.toEqual([]);
    ana.say('count slowly to 2', root);
    await ana.see(root, 'that it waits', (message) => /1 follow-up waits/.test(textOf(message)));
    bo.react(root, 'octagonal_sign');
    await ana.see(root, 'that it is being stopped', (message) => /stopping, asked by/i.test(textOf(message)));

    const final = await ana.see(root, 'the final', (message) => hasButton(message, 'Resume'));
    expect(textOf(final)).toMatch(/Stopped.* by @bo/);
    expect(await runningIn(world)).toEqual([]);
    const log = await logOf(world, root);
    const [asked] = log.filter(({ event }) => event.type === 'run.stop_requested');
    const [stopped] = log.filter(({ event }) => event.type === 'run.stopped');
    expect(Date.parse(stopped?.at ?? '') - Date.parse(asked?.at ?? '')).toBeLessThan(15_000);

    const question = await ana.see(root, 'the question', (message) => hasButton(message, 'Go on'));
    expect(textOf(question)).toContain('count slowly to 2');
    await ana.press(question, 'Go on');
    const finished = await entry(world, root, 'run.finished');
    expect(finished.event).toMatchObject({ summary: expect.stringContaining('counted to 2') });
  });

  it('keeps the work, which can be taken back, once', async () => {
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const root = ana.say('@deckhand fix the failing test');
    await edited(world, root);
    ana.say('stop', root);
    const stopped = await entry(world, root, 'run.stopped');
    expect(stopped.event).toMatchObject({ by: { kind: 'member', id: ANA } });
    const final = await ana.see(root, 'the final', (message) => hasButton(message, 'Resume'));
    expect(textOf(final)).toContain('src/');
    await ana.press(final, 'Discard');
    await ana.see(root, 'that it is discarded', (message) => /was discarded by @ana/.test(textOf(message)));
    expect((await entry(world, root, 'work.discarded')).event).not.toHaveProperty('change');
  });
});
