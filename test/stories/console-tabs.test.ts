import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BO, ENGINEERING, personIn, startWorld, textOf, type World } from '../harness.ts';
import { launchChromium } from '../tour.ts';

const GENERAL = 'C0GENERAL0';

/** Tells a page that somebody looks at it, or no longer does: a browser without a screen takes all pages for shown. */
function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
    void document.dispatchEvent(new Event('visibilitychange'));
  `);
}

describe('a workspace in the browser', () => {
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('opens the seventh tab as quickly as the first, and each catches up when it is looked at', async () => {
    const context = await browser.newContext();
    context.setDefaultTimeout(30_000);
    const first = await context.newPage();
    await first.goto(`${world.workspace.url}?as=${ANA}#/${ENGINEERING}`);
    const asked = personIn(world.workspace, ANA, ENGINEERING);
    await first.getByRole('textbox', { name: 'Message #engineering' }).waitFor();
    const root = asked.say('@deckhand count slowly to 2');
    await first.getByText('count slowly to 2').first().waitFor();
    let shown = first;
    for (let tab = 2; tab <= 7; tab++) {
      await setHidden(shown, true);
      shown = await context.newPage();
      await shown.goto(`${world.workspace.url}?as=${ANA}#/${ENGINEERING}`);
      await shown.getByRole('textbox', { name: 'Message #engineering' }).waitFor();
    }
    personIn(world.workspace, BO, GENERAL).say('Lunch?');
    await asked.see(root, 'the final', (message) => textOf(message).includes('I counted to 2'));
    await setHidden(shown, true);
    await setHidden(first, false);
    await first.getByRole('link', { name: /general.*1/ }).waitFor();
    await first.getByRole('region', { name: 'Thread' }).getByText('I counted to 2').first().waitFor();
    expect(context.pages()).toHaveLength(7);
    await context.close();
  });

  it('is used by keyboard: a dialog begins in its field and ends where it came from', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`${world.workspace.url}?as=${ANA}#/${ENGINEERING}`);
    const hasFocus = (name: string) =>
      expect
        .poll(() => page.getByRole('button', { name }).evaluate((one) => one.matches(':focus')))
        .toBe(true);
    const leaveField = async () => {
      const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
      await expect.poll(() => field.evaluate((one) => one.matches(':focus'))).toBe(true);
      await page.keyboard.press('Escape');
    };
    await page.getByRole('button', { name: 'New channel' }).press('Enter');
    await leaveField();
    await hasFocus('New channel');
    await page.getByRole('button', { name: 'Channel actions' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Rename channel' }).press('Enter');
    await leaveField();
    await hasFocus('Channel actions');
    await page.close();
  });
});
