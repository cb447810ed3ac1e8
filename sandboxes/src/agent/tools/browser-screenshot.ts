import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

// A tool for OpenCode, copied into its configuration folder and run by it. It may import nothing but Node: one file
// there that cannot be loaded breaks every prompt.

type Args = { url: string; name?: string; width?: number; height?: number };

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const limitMs = 45_000;

// biome-ignore lint/style/noDefaultExport: OpenCode looks for a tool under this name.
export default {
  description:
    'Takes a screenshot of a page that a server in this sandbox serves on localhost and shows it to you and to the people in the thread. Start the server in the background first and wait until it answers.',
  args: {
    url: { type: 'string', description: 'Address of the page; only http on localhost or 127.0.0.1' },
    name: { type: 'string', description: 'Short name for the picture, such as "settings-after"' },
    width: { type: 'integer', description: 'Width of the window in pixels, default 1280' },
    height: { type: 'integer', description: 'Height of the window in pixels, default 800' },
  },
  async execute({ url, name, width, height }: Args) {
    const address = localAddress(url);
    if (!address) return refuse(`Only http addresses on localhost or 127.0.0.1 can be shown, not ${url}`);
    const browser = findBrowser();
    if (!browser) return refuse(`There is no browser in this sandbox (looked for ${browsers.join(', ')})`);
    const size = `${clamp(width, 1280)},${clamp(height, 800)}`;
    const filename = `${(name ?? 'screenshot').replaceAll(/[^\w.-]+/g, '-').slice(0, 60)}.png`;
    const image = await capture(browser, address, size);
    if (!image) return refuse(`${address} could not be shown. Does the server run and answer there?`);
    return {
      title: `Screenshot of ${address}`,
      output: `Screenshot of ${address} taken (${size.replace(',', '×')}) as ${filename}`,
      metadata: {},
      attachments: [
        {
          type: 'file',
          mime: 'image/png',
          filename,
          url: `data:image/png;base64,${image.toString('base64')}`,
        },
      ],
    };
  },
};

function refuse(reason: string) {
  return { title: 'No screenshot', output: reason, metadata: {} };
}

function localAddress(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, href } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && ['localhost', '127.0.0.1'].includes(hostname)
    ? href
    : null;
}

function findBrowser(): string | null {
  // biome-ignore lint/style/noProcessEnv: this runs inside the sandbox, whose environment is all it can ask.
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = browsers.flatMap((browser) => folders.map((folder) => join(folder, browser)));
  return paths.find((path) => existsSync(path)) ?? null;
}

function clamp(pixels: number | undefined, otherwise: number): number {
  return Math.round(Math.min(3840, Math.max(200, pixels ?? otherwise)));
}

/**
 * The browser makes a unix socket below it, whose whole path may have 107 bytes (unix(7)): a sandbox's own temporary
 * folder is too deep for that.
 */
function shortFolder(): Promise<string> {
  return mkdtemp('/tmp/shot-').catch(() => mkdtemp(join(tmpdir(), 'shot-')));
}

/** Null when the page could not be shown: the browser then ends well all the same, but leaves no picture. */
async function capture(browser: string, address: string, size: string): Promise<Buffer | null> {
  const folder = await shortFolder();
  const picture = join(folder, 'page.png');
  try {
    await runBrowser(browser, folder, [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--mute-audio',
      '--hide-scrollbars',
      // Without it the browser looks up names elsewhere.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--window-size=${size}`,
      // Time for the page's own scripts, counted while nothing loads.
      '--virtual-time-budget=3000',
      `--screenshot=${picture}`,
      address,
    ]);
    return existsSync(picture) ? await readFile(picture) : null;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function runBrowser(browser: string, temporary: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    // biome-ignore lint/style/noProcessEnv: this runs inside the sandbox, whose environment is the browser's too.
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(browser, args, { detached: true, stdio: 'ignore', env });
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), limitMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
}
