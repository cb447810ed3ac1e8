import type { Actor, SessionEvent, TurnId } from 'orchestrator/domain';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { playScene, type RunningConsole } from './testing/running-console.ts';
import { changeOf, opening, runStart, sceneIds } from './testing/scene.ts';
import { visiting } from './testing/visiting.ts';

let web: RunningConsole;
let page: Page;

visiting((visit) => ({ web, page } = visit));

const ids = sceneIds('one');
const BO: Actor = { kind: 'member', id: 'U0BO', name: 'Bo' };
const request = (number: number, text: string): SessionEvent => ({
  type: 'turn.requested',
  turnId: ids.turn(number),
  text,
});
const stopped: SessionEvent = { type: 'run.stopped', runId: ids.run(1), by: BO, change: changeOf(ids) };

const append = (...events: readonly SessionEvent[]) =>
  web.deckhand.append(ids.sessionId, ...events.map((event) => ({ event, actor: BO })));
const happened = (type: SessionEvent['type']) =>
  web.deckhand.entries(ids.sessionId).filter(({ event }) => event.type === type);

function lastTurn(): TurnId {
  const [last] = happened('turn.requested').slice(-1);
  if (last?.event.type !== 'turn.requested') throw new Error('nothing was asked for');
  return last.event.turnId;
}

/** A session at work, on the screen, after these events. */
async function show(...events: readonly SessionEvent[]): Promise<void> {
  playScene(web.deckhand, 'one', () => [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)]);
  append(...events);
  await page.goto(`${web.url}/sessions/${ids.sessionId}`);
  await page.locator('[data-awake]').waitFor();
}

const button = (name: string | RegExp, within: Page | Locator = page) =>
  within.getByRole('button', { name, exact: true });

/** Presses without the mouse, as soon as the button stands. */
const press = (name: string | RegExp) => button(name).press('Enter');

/** The server hears of a press only once this is called: meanwhile the page lags behind. */
async function heldBack(): Promise<() => void> {
  let letThrough = () => {};
  const gate = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/sessions/*', async (route) => {
    if (route.request().method() === 'POST') await gate;
    await route.continue();
  });
  return letThrough;
}

describe('Stop', () => {
  it('names who asked, is not offered again, and is over when the run is', async () => {
    await show();
    await press('Stop');
    await page.getByText('Stopping, asked by somebody in the console').waitFor();
    await page.getByRole('region', { name: 'Turn 1' }).getByText('Stopping').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Stop/ }).count()).toBe(0);
    append(stopped);
    await page.getByText('Stopped by Bo').first().waitFor();
    await expect.poll(() => page.getByText('Stopping, asked by').count()).toBe(0);
  });

  it('on a page that lags behind leaves the next turn alone, and says so when the button is gone', async () => {
    await show(request(2, 'And then this'));
    const letThrough = await heldBack();
    await press('Stop');
    append({ type: 'run.finished', runId: ids.run(1), summary: 'Done' });
    append({
      type: 'run.started',
      runId: ids.run(2),
      turnId: ids.turn(2),
      attempt: 1,
      model: 'demo/scripted',
    });
    await page.getByRole('region', { name: 'Turn 2' }).getByText('In work').waitFor();
    letThrough();
    await page.getByRole('alert').getByText('That request is over already').waitFor();
    expect(happened('run.stop_requested')).toEqual([]);
    await button('Close').press('Enter');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await press('Stop turn 2');
    await page.getByText('Stopping, asked by somebody in the console').waitFor();
    await page.getByText('Stopping turn 2, asked by somebody in the console').waitFor();
  });
});

describe('what waits', () => {
  it('is cancelled from its row', async () => {
    await show(request(2, 'And the docs'), request(3, 'And a test'));
    const second = page.getByRole('region', { name: 'Turn 2' });
    await second.getByText('Waiting, 1st in line').waitFor();
    await page.getByRole('region', { name: 'Turn 3' }).getByText('Waiting, 2nd in line').waitFor();
    await press('Cancel turn 2');
    await second.getByText('Cancelled by somebody in the console').waitFor();
    await page.getByRole('region', { name: 'Turn 3' }).getByText('Waiting, 1st in line').waitFor();
    await expect.poll(() => button('Cancel turn 2').count()).toBe(0);
  });

  it('follows the message that asked: it is put in other words, and is gone with it', async () => {
    await show(request(2, 'And the dosc'));
    append({ type: 'turn.amended', turnId: ids.turn(2), text: 'And the docs' });
    const second = page.getByRole('region', { name: 'Turn 2' });
    await second.getByText('And the docs').waitFor();
    await second.getByText('edited').waitFor();
    append({ type: 'turn.cancelled', turnId: ids.turn(2), reason: 'message_deleted' });
    await second.getByText('Cancelled, its message was deleted').waitFor();
  });

  it('is held by a stop, is asked about all at once, and can be let go', async () => {
    await show(request(2, 'And the docs'), request(3, 'And a test'), {
      type: 'queue.held',
      turnIds: [ids.turn(2), ids.turn(3)],
    });
    append(stopped);
    const question = page.getByRole('region', { name: '2 follow-ups waited when Bo stopped the work' });
    await question.getByText('And the docs').waitFor();
    await question.getByText('And a test').waitFor();
    await button('Go on', question).press('Enter');
    await question.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Turn 2' }).getByText('Starting').waitFor();
    await page.getByRole('region', { name: 'Turn 3' }).getByText('Waiting, 1st in line').waitFor();
  });

  it('is dropped one by one, or what is left of it', async () => {
    await show(request(2, 'And the docs'), request(3, 'And a test'), {
      type: 'queue.held',
      turnIds: [ids.turn(2), ids.turn(3)],
    });
    await press('Cancel: And the docs');
    await page.getByRole('region', { name: '1 follow-up waited when Bo stopped the work' }).waitFor();
    await press('Drop it');
    await page
      .getByRole('region', { name: 'Turn 3' })
      .getByText('Cancelled by somebody in the console')
      .waitFor();
    expect(happened('turn.cancelled')).toHaveLength(2);
  });
});

describe('a turn that was stopped', () => {
  it('is gone on with once, and again when that was cancelled while it waited', async () => {
    await show(stopped);
    await press('Resume');
    await page.getByRole('region', { name: 'Turn 2' }).getByText('Go on with: Fix the total').waitFor();
    await expect.poll(() => button('Resume').count()).toBe(0);
    append({ type: 'turn.cancelled', turnId: lastTurn() });
    await press('Resume');
    await page.getByRole('region', { name: 'Turn 3' }).getByText('Go on with: Fix the total').waitFor();
  });

  it('is discarded once somebody has said that this is meant, and says where that stands', async () => {
    await show(stopped);
    await press('Discard');
    const question = page.getByRole('dialog', { name: 'Discard this work?' });
    // The safe answer is the first.
    await expect.poll(() => button('Keep it', question).evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'hidden' });
    expect(happened('work.discard_requested')).toEqual([]);
    await press('Discard');
    await button('Discard', question).press('Enter');
    // Who has pressed it is not sent back to the page's beginning.
    const outcome = page.getByRole('region', { name: 'Stopped by Bo' });
    await expect.poll(() => outcome.evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.getByText('Discarding this work, asked by somebody in the console.').waitFor();
    await button('Discard').waitFor({ state: 'detached' });
    append({ type: 'work.discard_failed', turnId: ids.turn(1), code: 'sandbox.gone', detail: '' });
    await page.getByText('This work could not be discarded. The sandbox was lost.').waitFor();
    await press('Discard');
    await button('Discard', question).press('Enter');
    await page.getByText('Discarding this work').waitFor();
    append({ type: 'work.discarded', turnId: ids.turn(1), headSha: '3b18e51c0ffee' });
    await page.getByText('This work was discarded by somebody in the console.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /Resume|Discard/ }).count()).toBe(0);
  });

  it('is not discarded when it is too late', async () => {
    await show(stopped);
    await press('Discard');
    append(request(2, 'Something else'), {
      type: 'run.started',
      runId: ids.run(2),
      turnId: ids.turn(2),
      attempt: 1,
      model: 'demo/scripted',
    });
    append({ type: 'run.finished', runId: ids.run(2), summary: 'It is something else.' });
    append(request(3, 'And a third'), {
      type: 'run.started',
      runId: ids.run(3),
      turnId: ids.turn(3),
      attempt: 1,
      model: 'demo/scripted',
    });
    // The row that was asked about has changed by now: the question stands.
    await page.getByText('And a third').waitFor({ state: 'attached' });
    await button('Discard', page.getByRole('dialog')).press('Enter');
    await page.getByRole('alert').getByText('A run is going on already.').waitFor();
    expect(happened('work.discard_requested')).toEqual([]);
  });
});

describe('what a turn has changed', () => {
  const begunAt = changeOf(ids);
  const second: readonly SessionEvent[] = [
    { type: 'run.finished', runId: ids.run(1), summary: 'Fixed', change: begunAt },
    request(2, 'Count to 2'),
    { type: 'run.started', runId: ids.run(2), turnId: ids.turn(2), attempt: 1, model: 'demo/scripted' },
    {
      type: 'run.prepared',
      runId: ids.run(2),
      sandboxId: 'sbx_7f3a',
      provider: 'local',
      isolation: 'none',
      agentSessionId: 'ses_agent',
      baseSha: '3b18e51c0ffee',
      startSha: begunAt.headSha,
      resumed: true,
    },
  ];

  it('is not what the branch held already', async () => {
    await show(...second, { type: 'run.finished', runId: ids.run(2), summary: 'Counted', change: begunAt });
    const [first, last] = [0, 1].map((nth) => page.getByRole('region', { name: 'Done' }).nth(nth));
    await last?.getByText(/^On the branch so far: \d+ files? changed/).waitFor();
    await first?.getByText(/^\d+ files? changed/).waitFor();
  });

  it('is told to be nothing when it failed for good before it changed something', async () => {
    await show(...second, {
      type: 'run.failed',
      runId: ids.run(2),
      code: 'model.refused',
      detail: '',
      retryAt: null,
      change: begunAt,
    });
    await page.getByRole('region', { name: 'Failed' }).getByText('This changed nothing.').waitFor();
    await expect.poll(() => page.getByText('The work so far is kept').count()).toBe(0);
  });
});

describe('tries', () => {
  const failed = (run: number, retryAt: string | null): SessionEvent => ({
    type: 'run.failed',
    runId: ids.run(run),
    code: 'sandbox.gone',
    detail: '',
    retryAt,
  });

  it('are told while they go on, with the reasons, and counted at the end', async () => {
    await show(failed(1, new Date(Date.now() + 60_000).toISOString()));
    await page.getByRole('status').getByText('The sandbox was lost.').waitFor();
    await page.getByRole('status').getByText('try 2 of 5').waitFor();
    const second: SessionEvent = {
      type: 'run.started',
      runId: ids.run(2),
      turnId: ids.turn(1),
      attempt: 2,
      model: 'demo/scripted',
    };
    append(second);
    await page.getByText('This is try 2 of 5. The one before: The sandbox was lost.').waitFor();
    append({ type: 'run.finished', runId: ids.run(2), summary: 'Fixed' });
    await page.getByText('2 tries').click();
    await page.getByText(/Try 1 failed at/).waitFor();
    await expect.poll(() => page.getByText('This is try 2').count()).toBe(0);
  });

  it('that have come to their end can be made once more', async () => {
    await show(failed(1, null));
    await press('Retry');
    await page.getByRole('region', { name: 'Turn 2' }).getByText('Please try again: Fix the total').waitFor();
    await expect.poll(() => button('Retry').count()).toBe(0);
  });
});

it('fits a phone, in the dark too', async () => {
  await page.setViewportSize({ width: 360, height: 700 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await show(request(2, 'x'.repeat(120)), request(3, 'And a test'), {
    type: 'queue.held',
    turnIds: [ids.turn(2), ids.turn(3)],
  });
  append(stopped, request(4, 'A new one'));
  await button('Drop them').waitFor();
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await wide()).toBe(0);
  // What is refused is said within the screen.
  const letThrough = await heldBack();
  await press('Go on');
  append({ type: 'queue.released', turnIds: [ids.turn(2), ids.turn(3)] });
  await button('Go on').waitFor({ state: 'detached' });
  letThrough();
  await page.getByRole('alert').getByText('No follow-ups wait for this any more.').waitFor();
  expect(await wide()).toBe(0);
});
