import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger } from './log.ts';

it('refuses a file that cannot be opened', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'deckhand-log-'));
  expect(() => createLogger({ service: 'test', file: dir })).toThrow(/EISDIR/);
  await rm(dir, { recursive: true });
});

// The device that every system of ours has to play a full disk.
it.runIf(process.platform === 'linux')('goes on when its disk is full, and says so once', async () => {
  const troubles: string[] = [];
  const heard = Promise.withResolvers<void>();
  const onFileTrouble = ({ message }: Error) => {
    troubles.push(message);
    heard.resolve();
  };
  const log = createLogger({ service: 'test', file: '/dev/full', onFileTrouble });
  log.info('said into the void');
  await heard.promise;
  log.info('and again');
  await new Promise((resolve) => setImmediate(resolve));
  expect(troubles).toEqual([expect.stringMatching(/ENOSPC/)]);
});
