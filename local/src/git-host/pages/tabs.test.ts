import { chromium, type Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { startWithPullRequest } from '../testing/fixture.ts';

/** Tells a page that somebody looks at it, or no longer does: a browser without a screen takes all pages for shown. */
function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
    void document.dispatchEvent(new Event('visibilitychange'));
  `);
}

// A browser that starts for the first time on a busy machine takes its time.
const PATIENCE_MS = 30_000;

it('opens a pull request in many tabs, each of which shows what has changed once it is looked at', async () => {
  const { host } = await startWithPullRequest();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const url = `${host.url}/acme/web/pull/1`;
  const first = await context.newPage();
  await first.goto(url);
  let shown = first;
  for (let tab = 2; tab <= 7; tab += 1) {
    await setHidden(shown, true);
    shown = await context.newPage();
    await shown.goto(url);
  }
  await shown.getByRole('textbox').first().fill('Looks good');
  await shown.getByRole('button', { name: 'Comment' }).click();
  await shown.getByText('Looks good').waitFor();
  expect(await first.getByText('Looks good').count()).toBe(0);
  await setHidden(first, false);
  await first.getByText('Looks good').waitFor();
}, 90_000);
