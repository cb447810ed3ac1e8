import { openSqlite } from 'orchestrator/compose';
import { Conflict } from 'orchestrator/domain';
import type { Database } from 'orchestrator/platform/documents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hold, requireLease } from './lease-guard.ts';
import { openLeases } from './leases.ts';
import { openOutbox } from './outbox.ts';
import { DELIVERY_TIMING } from './outgoing.ts';
import { newSending } from './sending.ts';

let database: Database;
beforeEach(async () => {
  database = await openSqlite(':memory:');
});
afterEach(() => database.close());

const { leaseMs, leaseLeftMs, callTimeoutMs } = DELIVERY_TIMING;

/** Two processes that may both send to one thread, each with what its sender knows. */
async function stage() {
  let now = 1_000_000;
  const clock = { now: () => now };
  const outbox = await openOutbox(database, clock.now);
  async function process(holder: string) {
    const { newestToken } = outbox;
    const leases = await openLeases({ database, clock, holder, isGone: () => false, newestToken, leaseMs });
    const deps = { leases, outbox, clock, timing: DELIVERY_TIMING };
    const sending = newSending('ses_1', { channel: 'C1', threadTs: '1.0' });
    /** Takes the lease, as before a plan is made. Answers with its token. */
    const planned = async (): Promise<number> => {
      expect(await hold(deps, sending)).toBeNull();
      return sending.lease?.token ?? 0;
    };
    return { deps, sending, planned };
  }
  const passes = (ms: number) => {
    now += ms;
  };
  return { first: await process('first'), second: await process('second'), passes };
}

describe('the last look before a call', () => {
  it('lets go what was planned under the lease, also after most of it is over', async () => {
    const { first, passes } = await stage();
    const token = await first.planned();
    await requireLease(first.deps, first.sending, token);
    passes(leaseMs - 1);
    await requireLease(first.deps, first.sending, token);
  });

  it('refuses what was planned before somebody else had the thread, though it is ours again', async () => {
    const { first, second, passes } = await stage();
    const token = await first.planned();
    passes(leaseMs + 1);
    await second.planned();
    await expect(requireLease(first.deps, first.sending, token)).rejects.toBeInstanceOf(Conflict);
    passes(leaseMs + 1);
    const newer = await first.planned();
    await expect(requireLease(first.deps, first.sending, token)).rejects.toBeInstanceOf(Conflict);
    await requireLease(first.deps, first.sending, newer);
  });

  it('refuses a call that could outlive the lease, as after a pause', async () => {
    const { first, passes } = await stage();
    const token = await first.planned();
    passes(leaseMs - 1);
    const { renew } = first.deps.leases;
    const leases: typeof first.deps.leases = {
      ...first.deps.leases,
      renew: async (lease) => {
        const renewed = await renew(lease);
        passes(leaseMs - leaseLeftMs + 1);
        return renewed;
      },
    };
    await expect(requireLease({ ...first.deps, leases }, first.sending, token)).rejects.toBeInstanceOf(
      Conflict,
    );
    // What is left when it lets a call go is more than the call may take.
    expect(leaseLeftMs).toBeGreaterThan(callTimeoutMs);
    expect(leaseMs).toBeGreaterThan(leaseLeftMs * 1.5);
  });
});
