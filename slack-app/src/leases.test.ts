import { openSqlite } from 'orchestrator/compose';
import type { SessionId } from 'orchestrator/domain';
import type { Database } from 'orchestrator/platform/documents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lease, type Leases, openLeases } from './leases.ts';
import { openOutbox } from './outbox.ts';
import { createProcessIdentity } from './process-identity.ts';
import { newRow, newSending } from './sending.ts';

const SESSION: SessionId = 'ses_1';
let database: Database;
let now = 0;
const clock = { now: () => now };
beforeEach(async () => {
  now = 1_000;
  database = await openSqlite(':memory:');
});
afterEach(() => database.close());

const as = (holder: string, gone: readonly string[] = []): Promise<Leases> =>
  openLeases({
    database,
    clock,
    holder,
    isGone: (name) => gone.includes(name),
    newestToken: () => Promise.resolve(0),
    leaseMs: 100,
  });

async function taken(leases: Leases): Promise<Lease> {
  const lease = await leases.acquire(SESSION);
  if ('heldUntil' in lease) throw new Error(`held until ${lease.heldUntil}`);
  return lease;
}

describe('a lease', () => {
  it('is held by one at a time, until it ends, with a token that grows', async () => {
    const [a, b] = [await as('a'), await as('b')];
    const first = await taken(a);
    expect(await b.acquire(SESSION)).toEqual({ heldUntil: 1_100 });
    now = 1_100;
    const second = await taken(b);
    expect(second.token).toBeGreaterThan(first.token);
    expect(await a.renew(first)).toBeNull();
    await a.release(first);
    expect(await a.acquire(SESSION)).toEqual({ heldUntil: 1_200 });
    await b.release(second);
    expect((await taken(a)).token).toBeGreaterThan(second.token);
  });

  it('is renewed by its holder, and taken at once from one that is known to be gone', async () => {
    const a = await as('a');
    const first = await taken(a);
    now = 1_050;
    expect(await a.renew(first)).toMatchObject({ until: 1_150, token: first.token });
    const b = await as('b', ['a']);
    expect((await taken(b)).token).toBeGreaterThan(first.token);
  });

  it('holds nobody up for as long as the clock was wrong by which it was taken', async () => {
    now = 1_000_000;
    const first = await taken(await as('a'));
    now = 1_000;
    expect((await taken(await as('b'))).token).toBeGreaterThan(first.token);
  });

  it('goes to one of many that want it at the same time', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => as(name)));
    const answers = await Promise.all(all.map((leases) => leases.acquire(SESSION)));
    expect(answers.filter((answer) => 'token' in answer)).toHaveLength(1);
  });

  it('fences the writes of who held it before', async () => {
    const outbox = await openOutbox(database, clock.now);
    const first = await taken(await as('a'));
    const sending = newSending(SESSION, { channel: 'C1', threadTs: '1.0' });
    const slot = { key: 'turn/trn_1/final', wanted: 'Done', token: first.token };
    const row = await outbox.begin(newRow(sending, slot));
    now = 1_100;
    const second = await taken(await as('b'));
    await outbox.write(row, { state: 'sent', ts: '2.0' }, second.token);
    await expect(outbox.write(row, { ts: '3.0' }, first.token)).rejects.toThrow('newer lease');
    await expect(outbox.begin(row)).rejects.toThrow('newer lease');
    expect(await outbox.ofSession(SESSION)).toMatchObject([{ ts: '2.0', token: second.token }]);
  });
});

it('a process is known to be gone when its pid is, and only on the same machine', () => {
  const self = createProcessIdentity();
  expect(self.isGone(createProcessIdentity().name)).toBe(false);
  // Above the largest pid that Linux gives.
  expect(self.isGone(createProcessIdentity(4_194_305).name)).toBe(true);
  expect(self.isGone('elsewhere:4194305:x')).toBe(false);
});
