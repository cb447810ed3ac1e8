import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { playScene, type RunningConsole } from './testing/running-console.ts';
import { opening, runStart, sceneIds } from './testing/scene.ts';
import { visiting } from './testing/visiting.ts';

let web: RunningConsole;
let context: BrowserContext;
let page: Page;

visiting((visit) => ({ web, context, page } = visit));

/** Tells a page that somebody looks at it, or no longer does: a browser without a screen takes all pages for shown. */
function setHidden(target: Page, hidden: boolean): Promise<void> {
  return target.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

describe('many tabs', () => {
  it.each(['', '/sessions/ses_one'])('at %j do not keep each other from loading', async (path) => {
    playScene(web.deckhand, 'one', (ids) => [
      ...opening(ids, 'Fix it', 'Fix the total'),
      ...runStart(ids, 1),
    ]);
    let shown = page;
    await shown.goto(`${web.url}${path}`);
    await shown.locator('[data-awake]').waitFor();
    for (let tab = 2; tab <= 7; tab++) {
      await setHidden(shown, true);
      shown = await context.newPage();
      await shown.goto(`${web.url}${path}`, { timeout: 10_000 });
      await shown.locator('[data-awake]').waitFor();
    }
    expect(context.pages()).toHaveLength(7);
  });

  it('catch up when somebody looks at them again, each entry once', async () => {
    const ids = sceneIds('one');
    playScene(web.deckhand, 'one', () => [...opening(ids, 'Fix it', 'Fix the total'), ...runStart(ids, 1)]);
    await page.goto(`${web.url}/sessions/${ids.sessionId}`);
    await page.locator('[data-awake]').waitFor();
    const say = (text: string) =>
      web.deckhand.append(ids.sessionId, { event: { type: 'agent.said', runId: ids.run(1), text } });
    say('I have begun.');
    await page.getByText('I have begun.').waitFor();
    await setHidden(page, true);
    say('I have looked.');
    await setHidden(page, false);
    say('I am done.');
    await page.getByText('I am done.').waitFor();
    for (const text of ['I have begun.', 'I have looked.', 'I am done.'])
      expect(await page.getByText(text).count()).toBe(1);
  });
});
