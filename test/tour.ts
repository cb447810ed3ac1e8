import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const SHOTS = fileURLToPath(new URL('../.test-output/tour/', import.meta.url));

/** Chromium without its own traffic: whatever it asks of the network in a test is ours. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

type Addresses = { readonly workspaceUrl: string; readonly signInLink: string };
type Shoot = (page: Page, name: string) => Promise<void>;

/** What a newcomer does in the first five minutes. Throws where they would be stuck. */
export async function takeTour(
  browser: Browser,
  at: Addresses,
  folder: string,
): Promise<{ readonly errors: readonly string[] }> {
  mkdirSync(`${SHOTS}${folder}`, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  context.setDefaultTimeout(60_000);
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(String(error.error())));
  const shoot: Shoot = async (page, name) => {
    await page.screenshot({ path: `${SHOTS}${folder}/${name}.png` });
  };
  const workspace = await context.newPage();
  await workspace.goto(at.workspaceUrl);
  const console = await context.newPage();
  await console.goto(at.signInLink);
  await askForTheFix(workspace, shoot);
  await watchInConsole(console, shoot);
  await makePullRequest(workspace, shoot);
  await mergeIt(context, workspace, shoot);
  await replayIt(console, shoot);
  await context.close();
  return { errors };
}

async function askForTheFix(page: Page, shoot: Shoot): Promise<void> {
  await page.getByRole('textbox', { name: 'Message #engineering' }).click();
  await shoot(page, '01-workspace');
  await page.keyboard.type('@deckhand fix the failing test');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop' }).first().waitFor();
  await shoot(page, '02-card');
}

async function watchInConsole(page: Page, shoot: Shoot): Promise<void> {
  await page
    .getByRole('link', { name: /fix the failing test/i })
    .first()
    .click();
  await page.getByText('npm test').first().waitFor();
  await shoot(page, '03-console-live');
}

async function makePullRequest(page: Page, shoot: Shoot): Promise<void> {
  const create = page.getByRole('button', { name: 'Create PR' });
  await page.getByText('Run the tests').first().waitFor();
  await shoot(page, '04-plan');
  await create.waitFor();
  await shoot(page, '05-final');
  await create.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Round a line once');
  await shoot(page, '06-modal');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page
    .getByRole('link', { name: /#1 Round a line once/ })
    .first()
    .waitFor();
  await shoot(page, '07-pull-request-card');
}

async function mergeIt(context: BrowserContext, page: Page, shoot: Shoot): Promise<void> {
  const opened = context.waitForEvent('page');
  await page
    .getByRole('link', { name: /#1 Round a line once/ })
    .first()
    .click();
  const review = await opened;
  await review.getByRole('heading', { name: /Round a line once/ }).waitFor();
  await shoot(review, '08-review');
  await review
    .getByText(/^Merge/)
    .first()
    .click();
  const confirm = review.getByRole('button', { name: /confirm|merge/i }).last();
  await confirm.click();
  await review
    .getByText(/merged/i)
    .first()
    .waitFor();
  await shoot(review, '09-merged');
  await page.bringToFront();
  await page
    .getByText(/merged/i)
    .first()
    .waitFor();
  await shoot(page, '10-thread-merged');
}

async function replayIt(page: Page, shoot: Shoot): Promise<void> {
  await page.bringToFront();
  await shoot(page, '11-console-session');
  await page.getByRole('tab', { name: /replay/i }).click();
  await page.getByRole('slider').first().waitFor();
  await page.getByRole('button', { name: /play/i }).first().click();
  await shoot(page, '12-replay');
}
