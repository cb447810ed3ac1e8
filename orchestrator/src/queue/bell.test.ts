import { describe, expect, it } from 'vitest';
import type { SessionId } from '../domain/index.ts';
import { systemClock } from '../platform/clock.ts';
import { describeBellContract } from '../testing/bell-contract.ts';
import { until } from '../testing/until.ts';
import { createBell } from './bell.ts';

describeBellContract('in process', async ({ concurrency }) => {
  const failed: SessionId[] = [];
  const onError = (_error: unknown, sessionId: SessionId) => void failed.push(sessionId);
  const bell = createBell({ clock: systemClock, onError, concurrency });
  return { bell, failed, close: async () => {} };
});

describe('a bell that is rung around the moment at which work ends', () => {
  it('loses no ring and never works on a session twice at once', async () => {
    const bell = createBell({ clock: systemClock, onError: (error) => expect.unreachable(String(error)) });
    let asked = 0;
    let done = 0;
    let atOnce = 0;
    let overlapped = false;
    bell.answer(async () => {
      atOnce += 1;
      overlapped ||= atOnce > 1;
      const seen = asked;
      for (let turns = seen % 4; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      done = seen;
      atOnce -= 1;
    });
    for (let round = 0; round < 500; round += 1) {
      asked += 1;
      bell.ring('ses_A');
      for (let turns = round % 5; turns > 0; turns -= 1)
        await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => done === asked, 'all that was asked for is done');
    expect(overlapped).toBe(false);
    await bell.close();
  });
});
