import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { builtConsole } from './built.ts';
import { type RunningConsole, runningConsole } from './running-console.ts';

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A console of its own for each test, and a browser that has signed in to it. */
export type Visit = {
  readonly web: RunningConsole;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page and its console; a test fails with what is left in here. */
  readonly problems: string[];
};

/** Calls `onVisit` before each test of the file, and fails those in which page or server report an error. */
export function visiting(onVisit: (visit: Visit) => void): void {
  let browser: Browser;
  let visit: Visit | null = null;
  beforeAll(async () => {
    await builtConsole();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_FLAGS });
  }, 180_000);
  afterAll(() => browser?.close());

  beforeEach(async () => {
    const web = await runningConsole();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // A page that answers 404 or 401 on purpose is reported here too.
      if (message.type() === 'error' && !message.text().includes('status of 40'))
        problems.push(message.text());
    });
    visit = { web, browser, context, page, problems };
    onVisit(visit);
    await page.goto(web.signInLink());
  });

  afterEach(async () => {
    if (!visit) return;
    const { web, context, problems } = visit;
    visit = null;
    await context.close();
    await web.close();
    expect(problems).toEqual([]);
    expect(web.errors).toEqual([]);
  });
}
