import { openSqlite } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { systemClock } from 'orchestrator/platform/clock';
import type { Database } from 'orchestrator/platform/documents';
import { createLogger } from 'orchestrator/platform/log';
import { until } from 'orchestrator/testing/until';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Inbox, type InboxDeps, openInbox } from './inbox.ts';

let database: Database;
let inbox: Inbox | null = null;
beforeEach(async () => {
  database = await openSqlite(':memory:');
});
afterEach(async () => {
  await inbox?.close();
  await database.close();
});

async function open(handle: InboxDeps['handle'], overrides: Partial<InboxDeps> = {}): Promise<Inbox> {
  const log = createLogger({ service: 'slack-app', level: 'silent' });
  const onGivenUp = () => Promise.resolve();
  inbox = await openInbox({ database, clock: systemClock, log, handle, onGivenUp, ...overrides });
  await inbox.start();
  return inbox;
}

/** An inbox whose first delivery, `Ev1`, is worked on until it is released; `seen` has the ids of those that are done. */
async function openHeldAtFirst() {
  const seen: string[] = [];
  const { promise: gate, resolve: release } = Promise.withResolvers<void>();
  const { put } = await open(async (body) => {
    const { id } = z.object({ id: z.string() }).parse(body);
    if (id === 'Ev1') await gate;
    seen.push(id);
  });
  return { put, seen, release };
}

const delivery = (id: string, overrides: object = {}) => ({
  id,
  post: null,
  edits: null,
  behind: null,
  lane: 'C1:1.0',
  body: { id },
  ...overrides,
});

describe('the inbox', () => {
  it('works on each delivery once, also when it comes again, or as another event of the same post', async () => {
    const seen: unknown[] = [];
    const { put } = await open(async (body) => void seen.push(body));
    await put(delivery('Ev1', { post: 'C1:2.0' }));
    await put(delivery('Ev1', { post: 'C1:2.0' }));
    await put(delivery('Ev2', { post: 'C1:2.0' }));
    await put(delivery('Ev3'));
    await until(() => seen.length === 2, 'both');
    expect(seen).toEqual([{ id: 'Ev1' }, { id: 'Ev3' }]);
  });

  it('keeps the order of a thread and lets others pass', async () => {
    const { put, seen, release } = await openHeldAtFirst();
    await put(delivery('Ev1'));
    await put(delivery('Ev2'));
    await put(delivery('Ev3', { lane: 'C2:1.0' }));
    await until(() => seen.length === 1, 'the other thread');
    release();
    await until(() => seen.length === 3, 'all');
    expect(seen).toEqual(['Ev3', 'Ev1', 'Ev2']);
  });

  it('lets what is about a post, or about a channel, wait for what was posted before', async () => {
    const { put, seen, release } = await openHeldAtFirst();
    await put(delivery('Ev1', { post: 'C1:1.0' }));
    await put(delivery('Ev2', { lane: 'U1', behind: 'C1:1.0' }));
    await put(delivery('Ev3', { lane: 'C1:3.0', post: 'C1:3.0', behind: 'C1:' }));
    await put(delivery('Ev4', { lane: 'C1:4.0', post: 'C1:4.0' }));
    await put(delivery('Ev5', { lane: 'U2', behind: 'C1:5.0' }));
    await until(() => seen.length === 2, 'what waits for nothing');
    expect(seen).toEqual(['Ev4', 'Ev5']);
    release();
    await until(() => seen.length === 5, 'all');
    expect(seen[2]).toBe('Ev1');
  });

  it('hands what a former process had not finished to the next one', async () => {
    const first = await open(() => Promise.reject(new UpstreamError('slack.unreachable', 'down')));
    await first.put(delivery('Ev1'));
    await first.close();
    const seen: unknown[] = [];
    await open(async (body) => void seen.push(body));
    await until(() => seen.length === 1, 'the delivery');
  });

  it.each([
    ['has another shape than we know', new z.ZodError([]), 1],
    ['is refused for good', new UpstreamError('slack.refused', 'no'), 1],
    ['breaks on our side, after some tries', new Error('a bug'), 7],
    ['does not pass', new UpstreamError('slack.unreachable', 'down'), 9],
  ])('gives up what %s, says so, and goes on with the next', async (_, error, tries) => {
    const seen: unknown[] = [];
    const given: unknown[] = [];
    const handle: InboxDeps['handle'] = async (body) => {
      seen.push(body);
      if ((body as { id: string }).id === 'Ev1') throw error;
    };
    const onGivenUp = async (body: unknown) => void given.push(body);
    const { put } = await open(handle, { onGivenUp, retryWaitsMs: [0, 0, 0, 0, 0, 0, 0, 0] });
    await put(delivery('Ev1'));
    await put(delivery('Ev2'));
    await until(() => seen.length === tries + 1, 'the next');
    expect(given).toEqual([{ id: 'Ev1' }]);
  });

  it('tries again what a store that did not answer has broken', async () => {
    const seen: unknown[] = [];
    const handle: InboxDeps['handle'] = async (body) => {
      seen.push(body);
      if (seen.length === 1) throw new Error('disk I/O error');
    };
    const given: unknown[] = [];
    const onGivenUp = async (body: unknown) => void given.push(body);
    const { put } = await open(handle, { onGivenUp, retryWaitsMs: [0, 0] });
    await put(delivery('Ev1'));
    await put(delivery('Ev2'));
    await until(() => seen.length === 3, 'both');
    expect([seen, given]).toEqual([[{ id: 'Ev1' }, { id: 'Ev1' }, { id: 'Ev2' }], []]);
  });

  it('takes up what another process has left when it ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      let now = Date.now();
      const clock = { now: () => now };
      const seen: unknown[] = [];
      const other = await open(
        async () => {
          throw new UpstreamError('slack.unreachable', 'down');
        },
        { clock },
      );
      await open(async (body) => void seen.push(body), { clock });
      await other.put(delivery('Ev1'));
      await other.close();
      vi.advanceTimersByTime(60_000);
      expect(seen).toEqual([]);
      now += 11 * 60_000;
      vi.advanceTimersByTime(60_000);
      await until(() => seen.length === 1, 'what was left');
    } finally {
      vi.useRealTimers();
    }
  });

  it('forgets after a day what is done', async () => {
    let now = Date.now();
    const clock = { now: () => now };
    const seen: unknown[] = [];
    const handle = async (body: unknown) => void seen.push(body);
    const first = await open(handle, { clock });
    await first.put(delivery('Ev1'));
    await until(() => seen.length === 1, 'the delivery');
    await first.close();
    now += 25 * 60 * 60_000;
    const { put } = await open(handle, { clock });
    await put(delivery('Ev1'));
    await until(() => seen.length === 2, 'the delivery, as if new');
  });
});
