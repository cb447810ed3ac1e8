import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtConsole } from '../../console/testing/built.ts';
import {
  ANA,
  ENGINEERING,
  entry,
  hasButton,
  logOf,
  personIn,
  startWorld,
  textOf,
  type World,
} from '../harness.ts';
import { launchChromium } from '../tour.ts';

describe('a session that is steered from its page', () => {
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    await builtConsole();
    [world, browser] = await Promise.all([startWorld(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function signedIn(errors: string[]): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(world.running.console.signInLink());
    return page;
  }

  it('is stopped, asks about what waits, goes on, and its thread tells the same', async () => {
    const errors: string[] = [];
    const page = await signedIn(errors);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
    const ana = personIn(world.workspace, ANA, ENGINEERING);
    const see = (root: string, words: RegExp) =>
      ana.see(root, String(words), (message) => words.test(textOf(message)));

    const root = ana.say('@deckhand count slowly to 14');
    const { sessionId } = await entry(world, root, 'run.started');
    await page.goto(`${world.running.console.url}/sessions/${sessionId}`);
    await entry(world, root, 'agent.tool_started');
    for (const text of ['count slowly to 2', 'count slowly to 3']) {
      await page.getByRole('textbox', { name: 'Reply' }).fill(text);
      await press('Send');
      await page.getByRole('textbox', { name: 'Reply' }).and(page.locator(':placeholder-shown')).waitFor();
    }
    await page.getByRole('region', { name: 'Turn 3' }).getByText('Waiting, 2nd in line').waitFor();
    await press('Stop');
    await see(root, /stopping, asked by somebody in the console/i);
    await page.getByText('Stopped by somebody in the console').first().waitFor();
    const final = await ana.see(root, 'the final', (message) => hasButton(message, 'Resume'));
    expect(textOf(final)).toMatch(/Stopped.* by somebody in the console/);

    const question = page.getByRole('region', {
      name: '2 follow-ups waited when somebody in the console stopped the work',
    });
    await see(root, /2 follow-ups waited.* when somebody in the console stopped the work/);
    await question.getByRole('button', { name: 'Cancel: count slowly to 2' }).press('Enter');
    await page
      .getByRole('region', { name: 'Turn 2' })
      .getByText('Cancelled by somebody in the console')
      .waitFor();
    await press('Drop it');
    await page
      .getByRole('region', { name: 'Turn 3' })
      .getByText('Cancelled by somebody in the console')
      .waitFor();
    await see(root, /2 follow-ups dropped by somebody in the console/);

    await press('Resume');
    const resumed = page.getByRole('region', { name: 'Turn 4' });
    await resumed.getByText('Go on with: count slowly to 14').waitFor();
    // A press in the thread on the same outcome comes too late.
    await ana.press(final, 'Resume');
    await see(root, /I counted to 14/);
    await resumed.getByText('Done').waitFor();
    const asked = (await logOf(world, root)).filter(({ event }) => event.type === 'turn.requested');
    expect(asked).toHaveLength(4);
    expect(errors).toEqual([]);
  });
});
