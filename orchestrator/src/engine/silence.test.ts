import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilSilent } from './silence.ts';

describe('an agent that was told to stop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const never = new Promise<never>(() => {});

  it('is waited for no longer than fifteen seconds', async () => {
    const stop = new AbortController();
    let end = '';
    const over = untilSilent(never, stop.signal).catch((error: Error) => {
      end = error.message;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    stop.abort();
    await vi.advanceTimersByTimeAsync(14_999);
    expect(end).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    await over;
    expect(end).toContain('15000 ms');
  });

  it('is heard when it falls silent in time, and leaves no timer', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await untilSilent(Promise.resolve('said'), stop.signal)).toBe('said');
    expect(vi.getTimerCount()).toBe(0);
  });
});
