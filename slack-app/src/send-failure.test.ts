import { openSqlite } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { createLogger } from 'orchestrator/platform/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLeases } from './leases.ts';
import type { Wanted } from './next-sends.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { DELIVERY_TIMING } from './outgoing.ts';
import { afterFailure } from './send-failure.ts';
import { load, newSending } from './sending.ts';

const { placeWaitMs, placeWaitMaxMs } = DELIVERY_TIMING;
const FINAL: Wanted = {
  key: 'turn/trn_1/final',
  lane: 'final',
  phase: 'finished',
  progress: '',
  isOpen: false,
  since: null,
  tell: null,
  content: { kind: 'message', text: 'Rounded once.', blocks: [] },
  hash: 'h',
};

let database: Awaited<ReturnType<typeof openSqlite>>;
let outbox: Outbox;
let now = 1_000_000;
const clock = { now: () => now };
beforeEach(async () => {
  database = await openSqlite(':memory:');
  outbox = await openOutbox(database, clock.now);
});
afterEach(() => database.close());

/** What a process that has just started makes of one more failure. Answers with its row. */
async function failedAfterStart(error: Error, times = 1) {
  const log = createLogger({ service: 'slack-app', level: 'silent' });
  const { newestToken } = outbox;
  const isGone = () => true;
  const leaseMs = DELIVERY_TIMING.leaseMs;
  const leases = await openLeases({ database, clock, holder: 'me', isGone, newestToken, leaseMs });
  const tell = () => expect.unreachable('nobody waits for it');
  const deps = {
    ...{ outbox, leases, clock, log, timing: DELIVERY_TIMING },
    slack: { tell },
    sessionUrl: String,
  };
  const sending = newSending('ses_1', { channel: 'C1', threadTs: '1.0' });
  await load(deps, sending);
  for (let left = times; left > 0; left -= 1)
    await afterFailure(deps, sending, { slot: FINAL, error, token: 1 });
  return sending.rows.get(FINAL.key);
}

describe('a message that was not taken', () => {
  it('waits twice as long after each refusal of its place, over restarts too, up to a longest time', async () => {
    const waits: number[] = [];
    for (let start = 0; start < 8; start += 1) {
      const row = await failedAfterStart(new UpstreamError('slack.refused', 'is_archived'));
      waits.push((row?.retryAt ?? 0) - now);
      now = row?.retryAt ?? now;
    }
    const doubled = waits.map((_, index) => Math.min(placeWaitMaxMs, placeWaitMs * 2 ** index));
    expect(waits).toEqual(doubled);
    expect(waits.at(-1)).toBe(placeWaitMaxMs);
  });

  it('is given up after ten failures in a row that were none of Slack’s, as a bug with its content would be', async () => {
    const broken = new Error('disk I/O error');
    expect(await failedAfterStart(broken, 9)).toMatchObject({ state: 'waiting' });
    const { state, retryAt } = (await failedAfterStart(broken, 10)) ?? {};
    expect({ state, retryAt }).toEqual({ state: 'stuck', retryAt: null });
  });
});
