import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { sentSlot, stuckSlot } from './testing/fake-delivery.ts';
import { playScene, type RunningConsole } from './testing/running-console.ts';
import { finishing, opening, runStart, type sceneIds, working } from './testing/scene.ts';
import { visiting } from './testing/visiting.ts';

let web: RunningConsole;
let page: Page;

visiting((visit) => ({ web, page } = visit));

const whole = (ids: ReturnType<typeof sceneIds>) => [
  ...opening(ids, 'Fix the total of a cart', 'The total is wrong'),
  ...runStart(ids, 1),
  ...working(ids),
  ...finishing(ids),
];

describe('the delivery of a session', () => {
  it('shows what a thread should hold beside what it has, and follows it live', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    const [card, final] = [`turn/${ids.turn(1)}/card`, `turn/${ids.turn(1)}/final`];
    await page.goto(`${web.url}/sessions/${ids.sessionId}`);
    await page.getByRole('tab', { name: 'Delivery' }).click();
    await page.getByText('Nothing to deliver yet').waitFor();
    const posted = sentSlot({ slot: card, wanted: 'Working on it' });
    web.delivery.show(ids.sessionId, posted);
    await page.getByText('1 message; Slack has them all as they should be.').waitFor();
    web.delivery.show(ids.sessionId, { ...posted, state: 'waiting', wanted: 'Done: the total is right' });
    const shown = page.getByRole('article', { name: 'Card of turn 1' });
    await shown.getByText('Edit waits').waitFor();
    await shown.getByText('Done: the total is right').waitFor();
    await shown.getByText('Working on it').waitFor();
    expect(await shown.getByRole('link', { name: 'In the thread' }).getAttribute('href')).toContain(
      '/thread',
    );
    web.delivery.show(ids.sessionId, stuckSlot({ slot: final, wanted: 'Fixed' }));
    await page.getByText('2 messages, 1 waiting, 1 stuck.').waitFor();
  });

  it('tries a stuck message again, and rebuilds a thread once that is confirmed', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    const slot = `turn/${ids.turn(1)}/final`;
    web.delivery.show(ids.sessionId, stuckSlot({ slot, wanted: 'Fixed' }));
    await page.goto(`${web.url}/sessions/${ids.sessionId}/delivery`);
    await page.getByText('The channel is archived.').waitFor();
    await page.getByTestId('stuck-badge').getByText('1').waitFor();
    await page.getByRole('button', { name: 'Try again: Result of turn 1' }).click();
    await page.getByText('1 message; Slack has them all as they should be.').waitFor();
    await page.getByTestId('stuck-badge').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Rebuild thread' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(web.delivery.rebuilt).toEqual([]);
    await page.getByRole('button', { name: 'Rebuild thread' }).click();
    await page.getByRole('button', { name: 'Rebuild', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(web.delivery.rebuilt).toEqual([ids.sessionId]);
    await page.getByText('1 thread is being made anew.').waitFor();
  });

  it('says on every page that something is stuck, also on one that was open before', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    await page.goto(`${web.url}/sessions/${ids.sessionId}/log`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    web.delivery.show(ids.sessionId, stuckSlot({ slot: `turn/${ids.turn(1)}/final`, wanted: 'Fixed' }));
    await page.getByTestId('stuck-badge').getByText('1').waitFor();
  });
});

describe('the health page', () => {
  it('follows the connection, the mode, the figures and the sessions live', async () => {
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByText('All is well').waitFor();
    await page.getByText('the workspace that comes with Deckhand').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'chat.update' }).getByText('47 of 50').waitFor();
    web.delivery.set({
      connection: { state: 'refused', sockets: 0, problem: 'The app token was revoked. Make a new one.' },
      writes: { mode: 'silent', queued: 12, oldestFinalMs: 45_000, rateLimited: 4 },
    });
    await page.getByText('Slack refuses one of our tokens.').waitFor();
    await page.getByText('The app token was revoked.').waitFor();
    await page.getByText('cards stand still until there is room again').waitFor();
    await page
      .locator('[data-late]')
      .getByText(/^[45]\d s$/)
      .waitFor();
    playScene(web.deckhand, 'one', (ids) => [...opening(ids, 'Fix', 'Fix'), ...runStart(ids, 1)]);
    await page.getByRole('region', { name: 'Sessions' }).getByText('1', { exact: true }).waitFor();
  });

  it('names what is stuck, leads to its session, and tries it again', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    await page.goto(`${web.url}/health`);
    web.delivery.show(ids.sessionId, stuckSlot({ slot: `turn/${ids.turn(1)}/final`, wanted: 'Fixed' }));
    const stuck = page.getByRole('region', { name: 'Stuck messages' });
    await stuck.getByText('Result of turn 1: The channel is archived.').waitFor();
    expect(await stuck.getByRole('link').getAttribute('href')).toBe(`/sessions/${ids.sessionId}/delivery`);
    await stuck.getByRole('button', { name: /^Try again/ }).click();
    await page.getByText('All is well').waitFor();
    await stuck.waitFor({ state: 'detached' });
  });

  it('rebuilds all threads, once somebody has said that this is meant', async () => {
    const ids = ['one', 'two'].map((name) => playScene(web.deckhand, name, whole));
    for (const { sessionId, turn } of ids)
      web.delivery.show(sessionId, stuckSlot({ slot: `turn/${turn(1)}/final`, wanted: 'Fixed' }));
    await page.goto(`${web.url}/health`);
    await page.getByRole('button', { name: 'Rebuild all threads' }).click();
    expect(web.delivery.rebuilt).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Rebuild' }).click();
    await page.getByText('2 threads are being made anew.').waitFor();
    await page.getByText('All is well').waitFor();
    expect(web.delivery.rebuilt).toEqual(ids.map(({ sessionId }) => sessionId));
  });

  it('fits a phone, in the dark too', async () => {
    const ids = playScene(web.deckhand, 'one', whole);
    const long = 'https://example.com/'.padEnd(300, 'x');
    web.delivery.show(ids.sessionId, stuckSlot({ slot: `turn/${ids.turn(1)}/final`, wanted: long }));
    await page.setViewportSize({ width: 375, height: 700 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['health', `sessions/${ids.sessionId}/delivery`]) {
      await page.goto(`${web.url}/${path}`);
      await page.getByText('The channel is archived.').waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect({ path, wide }).toEqual({ path, wide: 0 });
    }
  });
});
