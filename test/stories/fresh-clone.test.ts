import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import { processesNaming, readAddresses } from '../process.ts';
import { launchChromium, takeTour } from '../tour.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Installing takes most of it; in milliseconds. */
const SET_UP_LIMIT = 9 * 60_000;

describe('a fresh clone in an empty folder', () => {
  it('needs nothing but npm start', { timeout: SET_UP_LIMIT + 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deckhand-clone-'));
    const clone = join(folder, 'deckhand');
    await run('git', ['clone', '--quiet', ROOT, clone]);
    const { ready, end } = npmStart(clone);
    const browser = await launchChromium();
    try {
      const { errors } = await takeTour(browser, await ready, 'fresh-clone');
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      await end();
    }
    // Whoever ends sandboxes outlives the process that had them for a moment.
    await until(async () => (await processesNaming(clone)).length === 0, 'nothing is left behind');
    await rm(folder, { recursive: true, force: true });
  });
});

function npmStart(cwd: string) {
  // The path that a newcomer has: this test's own Node must not stand in for the one that is set up.
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((dir) => !dir.includes('node_modules'))
    .join(':');
  const env = {
    PATH: path,
    HOME: process.env['HOME'] ?? '/root',
    NODE_ENV: 'production' as const,
    CONSOLE_PORT: '0',
    WORKSPACE_PORT: '0',
    GIT_HOST_PORT: '0',
  };
  const child = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = new Promise<NonNullable<ReturnType<typeof readAddresses>>>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`not ready:\n${output}`)), SET_UP_LIMIT);
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
      const addresses = readAddresses(output);
      if (!addresses) return;
      clearTimeout(timer);
      resolve(addresses);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    void ended.then(() => reject(new Error(`npm start ended:\n${output}`)));
  });
  const end = async () => {
    // A terminal sends Ctrl-C to the whole group.
    if (child.pid) process.kill(-child.pid, 'SIGINT');
    await ended;
  };
  return { ready, end };
}
