import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../domain/index.ts';
import { createMemoryStores, type MemoryStores } from '../testing/memory-stores.ts';
import { SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { catchUpAll } from './recover.ts';

const HOUR_MS = 60 * 60_000;
let now = Date.parse('2026-11-26T12:00:00.000Z');
let stores: MemoryStores;
let kept: string | null;
beforeEach(async () => {
  stores = await createMemoryStores({ now: () => now });
  kept = null;
});
afterEach(() => stores.close());

const catchUp = () =>
  catchUpAll({
    ...stores,
    checkpoints: {
      get: async () => kept,
      set: async (_, value) => {
        kept = value;
      },
    },
    now: () => now,
    onError: (error) => expect.unreachable(String(error)),
  });

describe('the session list after a crash', () => {
  it('catches up with its logs also when the clock was set back before', async () => {
    await catchUp();
    now -= HOUR_MS;
    const opened = { actor: SYSTEM, event: SAMPLE_EVENTS['session.opened'] };
    await stores.log.append('ses_1', 0, [opened]);
    await catchUp();
    expect(await stores.sessions.get('ses_1')).toMatchObject({ seq: 1 });
  });
});
