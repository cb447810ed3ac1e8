import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionId } from '../domain/index.ts';
import type { Bell } from '../ports.ts';
import { until } from './until.ts';

export type BellUnderTest = {
  readonly bell: Bell;
  /** Sessions whose handler failed. */
  readonly failed: readonly SessionId[];
  /** Ends what the bell itself does not. */
  close(): Promise<void>;
};

/** A handler whose work goes on until the test lets it go. */
function createWork() {
  const begun: SessionId[] = [];
  const holds = new Set<() => void>();
  let mostAtOnce = 0;
  return {
    begun,
    mostAtOnce: () => mostAtOnce,
    async handle(sessionId: SessionId, signal: AbortSignal): Promise<void> {
      begun.push(sessionId);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      holds.add(resolve);
      mostAtOnce = Math.max(mostAtOnce, holds.size);
      signal.addEventListener('abort', () => reject(signal.reason));
      await promise.finally(() => holds.delete(resolve));
    },
    /** Lets all that is being worked on end. */
    finish() {
      for (const resolve of holds) resolve();
    },
  };
}

type Given = { bell(): Bell; failed(): readonly SessionId[] };

/** What every bell does. `makeBell` gives a new one each time, with a limit of `concurrency` sessions at once. */
export function describeBellContract(
  name: string,
  makeBell: (options: { readonly concurrency: number }) => Promise<BellUnderTest>,
): void {
  describe(`the bell ${name}`, () => {
    let given: BellUnderTest;
    beforeEach(async () => {
      given = await makeBell({ concurrency: 2 });
    });
    afterEach(async () => {
      await given.bell.close();
      await given.close();
    });
    const parts: Given = { bell: () => given.bell, failed: () => given.failed };
    describe('ring', () => describeRing(parts));
    describe('ringAt', () => describeRingAt(parts));
    describe('close', () => describeClose(parts));
  });
}

function describeRing({ bell, failed }: Given): void {
  it('calls the handler, for rings before it was there too', async () => {
    const work = createWork();
    bell().ring('ses_A');
    bell().answer(work.handle);
    await until(() => work.begun.length === 1, 'the ring is answered');
    work.finish();
  });

  it('rings many times for one run, and once more for rings during it', async () => {
    const work = createWork();
    for (let times = 0; times < 5; times += 1) bell().ring('ses_A');
    bell().answer(work.handle);
    await until(() => work.begun.length === 1, 'the first run');
    for (let times = 0; times < 5; times += 1) bell().ring('ses_A');
    bell().ring('ses_B');
    await until(() => work.begun.length === 2, 'another session goes on meanwhile');
    expect(work.begun).toEqual(['ses_A', 'ses_B']);
    work.finish();
    await until(() => work.begun.length === 3, 'the run after');
    work.finish();
    bell().ring('ses_C');
    await until(() => work.begun.includes('ses_C'), 'what was rung last');
    expect(work.begun).toEqual(['ses_A', 'ses_B', 'ses_A', 'ses_C']);
    work.finish();
  });

  it('works on as many sessions at once as it may, and on all in the end', async () => {
    const work = createWork();
    bell().answer(work.handle);
    const sessions = ['ses_A', 'ses_B', 'ses_C', 'ses_D', 'ses_E'] as const;
    for (const sessionId of sessions) bell().ring(sessionId);
    await until(() => {
      if (work.begun.length % 2 === 0) work.finish();
      return work.begun.length === sessions.length;
    }, 'all were worked on');
    expect(work.begun).toEqual(sessions);
    expect(work.mostAtOnce()).toBe(2);
    work.finish();
  });

  it('goes on after a handler that failed', async () => {
    const begun: SessionId[] = [];
    bell().answer((sessionId) => {
      begun.push(sessionId);
      throw new Error('broken');
    });
    bell().ring('ses_A');
    await until(() => failed().length === 1, 'the failure is heard of');
    bell().ring('ses_A');
    await until(() => failed().length === 2, 'it was rung again');
    expect(begun).toEqual(['ses_A', 'ses_A']);
  });
}

function describeRingAt({ bell }: Given): void {
  it('rings at each moment that was asked for, not before it', async () => {
    const start = Date.now();
    const rung: { readonly sessionId: SessionId; readonly after: number }[] = [];
    bell().answer(async (sessionId) => {
      rung.push({ sessionId, after: Date.now() - start });
    });
    bell().ringAt('ses_C', start + 90);
    bell().ringAt('ses_A', start + 30);
    bell().ringAt('ses_A', start + 30);
    bell().ringAt('ses_B', start - 1000);
    bell().ringAt('ses_A', start + 60);
    await until(
      () => ['ses_A', 'ses_B', 'ses_C'].every((id) => rung.some(({ sessionId }) => sessionId === id)),
      'all alarms',
    );
    // On a busy machine several are due at once: then their order is nobody's promise, but none is early.
    const earliest: Record<SessionId, number> = { ses_A: 30, ses_B: 0, ses_C: 90 };
    for (const { sessionId, after } of rung) expect(after).toBeGreaterThanOrEqual(earliest[sessionId] ?? 0);
  });

  it('keeps what is months away', async () => {
    const begun: SessionId[] = [];
    bell().answer(async (sessionId) => void begun.push(sessionId));
    bell().ringAt('ses_A', Date.now() + 5_000_000_000);
    bell().ringAt('ses_B', Date.now() + 20);
    await until(() => begun.length > 0, 'the near alarm');
    expect(begun).toEqual(['ses_B']);
  });
}

function describeClose({ bell, failed }: Given): void {
  it('tells handlers to end and waits for them, then rings no more', async () => {
    const steps: string[] = [];
    bell().answer(async (sessionId, signal) => {
      steps.push(sessionId);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('ended');
      throw signal.reason;
    });
    bell().ring('ses_A');
    bell().ringAt('ses_C', Date.now() + 10);
    await until(() => steps.includes('ses_A'), 'the run');
    bell().ring('ses_A');
    await bell().close();
    bell().ring('ses_B');
    expect(steps.at(-1)).toBe('ended');
    expect(steps).not.toContain('ses_B');
    expect(failed()).toEqual([]);
  });
}
