import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from 'orchestrator/compose';
import { Conflict } from 'orchestrator/domain';
import type { Database } from 'orchestrator/platform/documents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Outbox, openOutbox } from './outbox.ts';
import { newRow, newSending } from './sending.ts';

const SESSION = 'ses_1';
const SLOT = { key: 'turn/trn_1/final', wanted: 'Done', token: 2 };

let dir: string;
let database: Database;
let outbox: Outbox;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'outbox-'));
  database = await openSqlite(join(dir, 'db.sqlite'));
  outbox = await openOutbox(database, () => 1_000);
});
afterEach(async () => {
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

const begin = () => outbox.begin(newRow(newSending(SESSION, { channel: 'C1', threadTs: '1.0' }), SLOT));

describe('a doubt about a message', () => {
  it('is not forgotten by what the holder of the lease writes meanwhile', async () => {
    const row = await begin();
    await outbox.doubt(row, 500);
    await outbox.write(row, { state: 'sent', ts: '2.0', sentHash: 'a' }, 2);
    expect(await outbox.due(1_000)).toEqual(new Set([SESSION]));
  });
});

describe('a row that is stuck', () => {
  it('is due in its time, and at once when the clock was set back by a day since', async () => {
    const retryAt = 24 * 60 * 60_000;
    await outbox.write(await begin(), { state: 'stuck', retryAt }, 2);
    expect(await outbox.due(retryAt - 1_000)).toEqual(new Set());
    expect(await outbox.due(retryAt)).toEqual(new Set([SESSION]));
    expect(await outbox.due(1_000)).toEqual(new Set([SESSION]));
  });
});

it('counts all that is stuck, however little of it is listed', async () => {
  const sending = newSending(SESSION, { channel: 'C1', threadTs: '1.0' });
  for (let index = 0; index < 120; index += 1) {
    const row = newRow(sending, { key: `turn/trn_${index}/final`, wanted: 'Done', token: 2 });
    await outbox.begin({ ...row, state: 'stuck' });
  }
  expect(await outbox.stuck()).toHaveLength(100);
  expect(await outbox.stuckCount()).toBe(120);
});

describe('a row that was forgotten while a call was under way', () => {
  it('has its thread looked through, whether the call was recorded or doubted', async () => {
    for (const write of [
      (row: Awaited<ReturnType<typeof begin>>) =>
        expect(outbox.write(row, { ts: '2.0' }, 2)).rejects.toThrow(Conflict),
      (row: Awaited<ReturnType<typeof begin>>) => outbox.doubt(row, 500),
    ]) {
      const row = await begin();
      await outbox.forget(SESSION);
      await outbox.setMustSearch(SESSION, false);
      await write(row);
      expect(await outbox.thread(SESSION)).toMatchObject({ mustSearch: true });
    }
  });
});
