import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processesNaming, startProcess } from '../process.ts';
import { launchChromium, takeTour } from '../tour.ts';

describe('a newcomer', () => {
  it('gets from the first message to a merged pull request and its replay, without an error on any page', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'deckhand-newcomer-'));
    const deckhand = await startProcess(dataDir);
    const browser = await launchChromium();
    try {
      const { errors } = await takeTour(browser, deckhand, 'newcomer');
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      expect(await deckhand.interrupt()).toBe(0);
    }
    expect(await processesNaming(dataDir)).toEqual([]);
    await rm(dataDir, { recursive: true, force: true });
  });
});
