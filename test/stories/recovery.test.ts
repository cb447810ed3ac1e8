import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasButton, textOf } from '../harness.ts';
import { anaAt, type DeckhandProcess, processesNaming, startProcess, until } from '../process.ts';

describe('the process is killed in the middle of a run', () => {
  let dataDir: string;
  const started: DeckhandProcess[] = [];
  const start = async (env: Readonly<Record<string, string>> = {}) => {
    const deckhand = await startProcess(dataDir, env);
    started.push(deckhand);
    return deckhand;
  };
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'deckhand-killed-'));
  });
  afterEach(async () => {
    for (const deckhand of started.splice(0)) await deckhand.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('leaves nothing running, and the next start ends the turn with one final and the work', async () => {
    const first = await start();
    const ana = anaAt(first.workspaceUrl);
    const root = await ana.say('@deckhand fix the failing test');
    await ana.see(root, 'a task in progress', (message) => textOf(message).includes('"in_progress"'));
    await first.kill();
    await until('everything is gone', async () => (await processesNaming(dataDir)).length === 0, 10_000);

    const second = await start({ DEMO_PACE: 'fast' });
    const again = anaAt(second.workspaceUrl);
    const final = await again.see(root, 'the final', (message) => hasButton(message, 'Create PR'));
    expect(textOf(final)).toContain('npm test');
    const thread = await again.thread(root);
    expect(thread.filter((message) => hasButton(message, 'Create PR'))).toHaveLength(1);
    // Request, card, final: nothing was said twice.
    expect(thread.map((message) => message.text)).toHaveLength(3);
    expect(thread.map(textOf).join('\n')).toMatch(/restarted/i);

    expect(await second.interrupt()).toBe(0);
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it.each([
    // A service manager sends it to every process of ours, and those who started us pass it on.
    ['a service manager', ['SIGTERM', 'SIGTERM', 'SIGTERM'] as const],
    ['a terminal that is closed', ['SIGHUP', 'SIGTERM'] as const],
  ])('is ended once and in order by %s, however often it is told', async (_, signals) => {
    const deckhand = await start();
    expect(await deckhand.signal(...signals)).toBe(0);
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it('says in one sentence that another one works in the same folder', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/Deckhand runs in this folder already/);
    await first.interrupt();
  });
});
