import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { entriesOf } from './testing/entries.ts';
import { playScene, type RunningConsole } from './testing/running-console.ts';
import { finishing, opening, pullRequest, runStart, sceneIds, working } from './testing/scene.ts';
import { visiting } from './testing/visiting.ts';

let browser: Browser;
let web: RunningConsole;
let context: BrowserContext;
let page: Page;
let problems: string[];

visiting((visit) => ({ browser, web, context, page, problems } = visit));

/** Opens a page and waits until it has woken up: what is pressed before that may be heard by nobody. */
async function openAwake(path: string): Promise<void> {
  await page.goto(`${web.url}${path}`);
  await page.locator('[data-awake]').waitFor();
}

/** Holds the page's scripts back, like a slow line, until they are let through. */
async function slowScripts(target: BrowserContext): Promise<() => void> {
  let letThrough = () => {};
  const gate = new Promise<void>((resolve) => (letThrough = resolve));
  await target.route('**/assets/*.js', async (route) => {
    await gate;
    await route.continue();
  });
  return letThrough;
}

const begun = (ids: ReturnType<typeof sceneIds>) => [
  ...opening(ids, 'Fix the total of a cart', 'The total is **wrong**'),
  ...runStart(ids, 1),
];
const whole = (ids: ReturnType<typeof sceneIds>) => [
  ...begun(ids),
  ...working(ids),
  ...finishing(ids),
  ...pullRequest(ids),
];

describe('the console in a browser', () => {
  it('lets in with a link once, and stays signed in', async () => {
    const link = web.signInLink();
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(link);
    await stranger.getByText('No sessions yet').waitFor();
    await stranger.context().clearCookies();
    await stranger.goto(link);
    await stranger.getByText('This link is no longer good').waitFor();
    await stranger.context().close();
    await page.reload();
    await page.getByText('No sessions yet').waitFor();
  });

  it('shows sessions as they begin and end, and finds them', async () => {
    await page.getByText('@deckhand fix the failing test').waitFor();
    const ids = playScene(web.deckhand, 'one', begun);
    await page.getByRole('link', { name: 'Fix the total of a cart' }).waitFor();
    await page.getByTestId('status').getByText('Running').waitFor();
    web.deckhand.append(ids.sessionId, {
      event: { type: 'run.finished', runId: ids.run(1), summary: 'Fixed' },
    });
    await page.getByTestId('status').getByText('Done').waitFor();
    await page.getByLabel('Search titles').fill('receipts');
    await page.getByText('No session fits').waitFor();
  });

  it('follows a session live: words, a command with its output, the plan, the end', async () => {
    const ids = playScene(web.deckhand, 'one', begun);
    const runId = ids.run(1);
    await page.goto(`${web.url}/sessions/${ids.sessionId}`);
    await page.getByText('scripted demo model').first().waitFor();
    // The stream is open once a live word arrives: until then nobody would hear it.
    const say = setInterval(
      () => web.deckhand.live(ids.sessionId, { kind: 'text', runId, id: 'p1', delta: 'looking ' }),
      100,
    );
    await page.getByText('looking').waitFor();
    clearInterval(say);
    web.deckhand.append(
      ids.sessionId,
      { event: { type: 'agent.said', runId, text: 'I have **looked**.' } },
      { event: { type: 'agent.planned', runId, todos: [{ text: 'Fix it', status: 'in_progress' }] } },
      {
        event: {
          type: 'agent.tool_started',
          runId,
          callId: 'c1',
          tool: 'bash',
          title: 'Tests',
          input: '{"command":"npm test"}',
        },
      },
    );
    web.deckhand.live(ids.sessionId, {
      kind: 'output',
      runId,
      callId: 'c1',
      chunk: 'TAP version 13',
      reset: false,
    });
    await page.locator('strong', { hasText: 'looked' }).waitFor();
    await page.getByTestId('plan').getByText('Fix it').waitFor();
    await page.getByText('TAP version 13').waitFor();
    await expect.poll(() => page.getByText('looking').count()).toBe(0);
    web.deckhand.append(ids.sessionId, {
      event: { type: 'run.failed', runId, code: 'model.refused', detail: '401', retryAt: null },
    });
    await page.getByText('its key, name or quota is wrong').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  });

  it('answers a question, asks for another turn, stops, and makes a pull request', async () => {
    const ids = playScene(web.deckhand, 'one', begun);
    const runId = ids.run(1);
    const last = () => web.deckhand.entries(ids.sessionId).at(-1)?.event;
    web.deckhand.append(ids.sessionId, {
      event: {
        type: 'question.asked',
        questionId: 'que_1',
        runId,
        questions: [
          { text: 'Which cache?', options: [{ label: 'Redis', description: 'Shared' }], multiple: false },
        ],
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    await openAwake(`/sessions/${ids.sessionId}`);
    await page.getByText('Redis').click();
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByText('answered by somebody in the console').waitFor();
    expect(last()).toMatchObject({ type: 'question.answered', answers: [['Redis']] });
    await page.getByRole('textbox', { name: 'Reply' }).fill('And the docs');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Waiting, 1st in line').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Stopping, asked by somebody in the console').waitFor();
    // The follow-up waits for a decision, on the record right after the wish to stop.
    expect(last()).toMatchObject({ type: 'queue.held' });
    const finished = finishing(ids).map(({ event }) => ({ event }));
    web.deckhand.append(ids.sessionId, ...finished);
    await page.getByRole('button', { name: 'Create pull request' }).click();
    await page.getByLabel('Title').fill('Take a discount once');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('asked for a pull request: Take a discount once').waitFor();
  });

  it('shows the changes, the screenshot large, and every entry', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    await openAwake(`/sessions/${ids.sessionId}`);
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Show cart.png large' }).click();
    await page.getByRole('dialog').getByAltText('Screenshot cart.png').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.getByText('return Math.floor((sum * percent) / 100);').waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('button', { name: /run\.finished/ }).click();
    await page.getByText('"type": "run.finished"').waitFor();
  });

  it.each(['', '/log'])('wakes up where somebody has scrolled to on %s', async (tab) => {
    const ids = playScene(web.deckhand, 'one', whole);
    const letThrough = await slowScripts(context);
    await page.goto(`${web.url}/sessions/${ids.sessionId}${tab}`, { waitUntil: 'commit' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const scrolledToEnd = async () => {
      // Pressed anew: what the page has yet to receive makes it longer.
      await page.keyboard.press('End');
      return page.evaluate(() => window.scrollY);
    };
    await expect.poll(scrolledToEnd).toBeGreaterThan(200);
    letThrough();
    await page.locator('[data-awake]').waitFor();
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  });

  it('tells the time of another zone and language, on a slow line too', async () => {
    const elsewhere = await browser.newContext({ timezoneId: 'Asia/Tokyo', locale: 'de-DE' });
    const there = await elsewhere.newPage();
    there.on('pageerror', (error) => problems.push(error.message));
    const { sessionId } = playScene(web.deckhand, 'one', whole);
    const live = playScene(web.deckhand, 'two', (ids) => [...begun(ids), ...working(ids)]);
    const asked = web.deckhand.entries(sessionId)[1]?.at ?? '';
    await there.goto(web.signInLink());
    for (const path of [
      '',
      `sessions/${live.sessionId}`,
      `sessions/${sessionId}/replay`,
      `sessions/${sessionId}`,
    ]) {
      const letThrough = await slowScripts(elsewhere);
      await there.goto(`${web.url}/${path}`, { waitUntil: 'commit' });
      await there.getByRole('heading', { level: 1 }).waitFor();
      // Long enough for relative and running times to have moved on since the server wrote them.
      await there.waitForFunction((at) => Date.now() - at > 1_500, Date.now());
      letThrough();
      await there.locator('[data-awake]').waitFor();
    }
    const local = new Intl.DateTimeFormat('de-DE', { timeStyle: 'medium', timeZone: 'Asia/Tokyo' });
    await there
      .getByText(local.format(new Date(asked)))
      .first()
      .waitFor();
    await elsewhere.close();
  });

  it('replays a session: plays, steps, scrubs, and leads to a moment', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    const at =
      web.deckhand.entries(ids.sessionId).find(({ event }) => event.type === 'check.finished')?.seq ?? 0;
    await page.goto(`${web.url}/sessions/${ids.sessionId}/replay#seq=${at}`);
    const position = page.getByTestId('replay-position');
    await position.getByText(`entry ${at}`).waitFor();
    await page.getByRole('slider').press('Home');
    await page.getByText('No command yet').waitFor();
    await page.getByRole('button', { name: /^“I will first reproduce/ }).click();
    await page.getByRole('paragraph').filter({ hasText: 'I will first reproduce' }).waitFor();
    await page.getByRole('slider').press('Home');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('ArrowRight');
    await position.getByText(/^entry 2\b/).waitFor();
    await page.getByText('32×').click();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('All 24 tests pass.').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  it('stays quick with a hundred thousand entries', async () => {
    const ids = sceneIds('long');
    const round = working(ids);
    const rounds = Array.from({ length: Math.ceil(100_000 / round.length) }, () => round).flat();
    web.deckhand.append(ids.sessionId, ...entriesOf([...begun(ids), ...rounds], ids.sessionId));
    const started = performance.now();
    await page.goto(`${web.url}/sessions/${ids.sessionId}`);
    await page.getByRole('button', { name: 'Load earlier' }).waitFor();
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(await page.locator('[data-index]').count()).toBeLessThan(80);
    const before = web.deckhand.entries(ids.sessionId).length;
    await openAwake(`/sessions/${ids.sessionId}/log`);
    await page.getByText(`500 of ${before.toLocaleString('en')} entries`).waitFor();
    await page.getByRole('button', { name: 'Load earlier' }).click();
    await page.getByText(`1,000 of ${before.toLocaleString('en')} entries`).waitFor();
  });

  it('fits a phone, in the dark too', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    await page.setViewportSize({ width: 375, height: 700 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of [
      '/',
      `/sessions/${ids.sessionId}`,
      `/sessions/${ids.sessionId}/changes`,
      `/sessions/${ids.sessionId}/replay`,
      `/sessions/${ids.sessionId}/log`,
      '/nowhere',
    ]) {
      await openAwake(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const { wide, dark } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - window.innerWidth,
        dark: getComputedStyle(document.body).backgroundColor,
      }));
      expect({ path, wide, dark }).toEqual({ path, wide: 0, dark: 'rgb(17, 22, 25)' });
    }
    await page.getByRole('button', { name: 'Switch between light and dark' }).click();
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .toBe('rgb(246, 248, 249)');
  });
});
