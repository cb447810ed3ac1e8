import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { AGENT } from '../domain/index.ts';
import { describeEventLogContract } from '../testing/event-log-contract.ts';
import { ANA, SAMPLE_EVENTS } from '../testing/sample-events.ts';
import { createEventLog } from './event-log.ts';
import { openSqlite } from './sqlite.ts';

describeEventLogContract('SQLite', async () => {
  let now = '2026-11-24T10:00:00.000Z';
  const database = await openSqlite(':memory:');
  const log = await createEventLog(database, { now: () => Date.parse(now) });
  return {
    log,
    at(iso) {
      now = iso;
    },
    close: () => database.close(),
  };
});

describe('an entry that was spoilt on the disk', () => {
  it('is an error that names it, not a hole in the history', async () => {
    const database = await openSqlite(':memory:');
    const log = await createEventLog(database);
    await log.append('ses_A', 0, [{ actor: ANA, event: SAMPLE_EVENTS['session.opened'] }]);
    await log.append('ses_A', 1, [{ actor: ANA, event: SAMPLE_EVENTS['session.reopened'] }]);
    const entries = await database.collection('entries', [
      { fields: { sessionId: 1, seq: 1 }, where: { exists: 'fact' } },
      { fields: { at: 1, _id: 1 } },
    ]);
    await entries.updateOne({ sessionId: 'ses_A', seq: 2 }, { $set: { 'event.type': 'session.vanished' } });
    await expect(log.read('ses_A', { afterSeq: 0, limit: 10 })).rejects.toThrow(
      'entry 2 of ses_A cannot be read',
    );
    await database.close();
  });
});

/** Bytes on the heap that somebody still holds: what is only waiting to be collected differs from machine to machine. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('a log of 100,000 entries', () => {
  it('is read page by page in the same time anywhere, and facts without its trace', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'deckhand-log-'));
    const database = await openSqlite(join(dir, 'log.db'));
    const log = await createEventLog(database);
    const trace = { actor: AGENT, event: SAMPLE_EVENTS['agent.tool_finished'] };
    const fact = { actor: ANA, event: SAMPLE_EVENTS['session.reopened'] };
    const batch = [...Array.from({ length: 999 }, () => trace), fact];
    for (let seq = 0; seq < 100_000; seq += batch.length) await log.append('ses_A', seq, batch);

    /** The quickest of several readings: any single one may be held up by what else the machine does. */
    const timed = async (afterSeq: number, factsOnly: boolean) => {
      let [ms, seqs]: [number, readonly number[]] = [Number.POSITIVE_INFINITY, []];
      for (let reading = 0; reading < 5; reading += 1) {
        const start = performance.now();
        const page = await log.read('ses_A', { afterSeq, limit: 100, factsOnly });
        ms = Math.min(ms, performance.now() - start);
        seqs = page.map((entry) => entry.seq);
      }
      return { ms, seqs };
    };
    const start = await timed(0, false);
    const end = await timed(99_900, false);
    const facts = await timed(0, true);
    expect(end.seqs).toHaveLength(100);
    expect(facts.seqs).toEqual(Array.from({ length: 100 }, (_, index) => (index + 1) * 1000));
    // Reading the whole log takes a second and more: these bounds fail when a page does.
    for (const { ms } of [start, end, facts]) expect(ms).toBeLessThan(250);

    const heapBefore = heapInUse();
    let read = 0;
    while (read < 100_000) read += (await log.read('ses_A', { afterSeq: read, limit: 1000 })).length;
    expect(heapInUse() - heapBefore).toBeLessThan(20_000_000);
    process.stdout.write(
      `a page of 100 in a log of 100,000: first ${start.ms.toFixed(1)} ms, last ${end.ms.toFixed(1)} ms, facts ${facts.ms.toFixed(1)} ms\n`,
    );
    await database.close();
    await rm(dir, { recursive: true });
  }, 120_000);
});
