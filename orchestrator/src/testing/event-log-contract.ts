import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, Conflict, type SessionId } from '../domain/index.ts';
import type { EventLog, NewEntry } from '../ports.ts';
import { collected } from './collected.ts';
import { ANA, SAMPLE_EVENTS } from './sample-events.ts';

export type LogUnderTest = {
  readonly log: EventLog;
  /** Sets the moment at which entries are written from now on. */
  at(iso: string): void;
  close(): Promise<void>;
};

const OPENED: NewEntry = { actor: ANA, event: SAMPLE_EVENTS['session.opened'] };
const REQUESTED: NewEntry = { actor: ANA, event: SAMPLE_EVENTS['turn.requested'] };
const SAID: NewEntry = { actor: AGENT, event: SAMPLE_EVENTS['agent.said'] };

type Given = { log(): EventLog; at(iso: string): void };

/** What every event log does. `makeLog` gives an empty one each time. */
export function describeEventLogContract(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(`the event log on ${name}`, () => {
    let given: LogUnderTest;
    beforeEach(async () => {
      given = await makeLog();
    });
    afterEach(() => given.close());
    const parts: Given = { log: () => given.log, at: (iso) => given.at(iso) };
    describe('append', () => describeAppend(parts));
    describe('read', () => describeRead(parts));
    describe('sessionsSince', () => describeSince(parts));
  });
}

function describeAppend({ log, at }: Given): void {
  it('gives entries their seq, moment and actor', async () => {
    at('2026-11-24T10:00:00.000Z');
    const first = await log().append('ses_A', 0, [OPENED, REQUESTED]);
    at('2026-11-24T10:00:01.000Z');
    const second = await log().append('ses_A', 2, [SAID]);
    expect([...first, ...second]).toEqual([
      { sessionId: 'ses_A', seq: 1, at: '2026-11-24T10:00:00.000Z', ...OPENED },
      { sessionId: 'ses_A', seq: 2, at: '2026-11-24T10:00:00.000Z', ...REQUESTED },
      { sessionId: 'ses_A', seq: 3, at: '2026-11-24T10:00:01.000Z', ...SAID },
    ]);
    expect(await log().read('ses_A', { afterSeq: 0, limit: 10 })).toEqual([...first, ...second]);
  });

  it('refuses entries behind an end that has moved, and writes none of them', async () => {
    await log().append('ses_A', 0, [OPENED]);
    await log().append('ses_A', 1, [REQUESTED]);
    await expect(log().append('ses_A', 1, [SAID, SAID])).rejects.toBeInstanceOf(Conflict);
    await expect(log().append('ses_A', 0, [OPENED])).rejects.toBeInstanceOf(Conflict);
    expect(await log().lastSeq('ses_A')).toBe(2);
  });

  it('never leaves a gap', async () => {
    await log().append('ses_A', 0, [OPENED]);
    await expect(log().append('ses_A', 2, [SAID])).rejects.toThrow('no entry 2');
    expect(await log().lastSeq('ses_A')).toBe(1);
  });

  it('lets exactly one of many writers at the same end through', async () => {
    await log().append('ses_A', 0, [OPENED]);
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => log().append('ses_A', 1, [SAID, SAID])),
    );
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(19);
    expect(refused.every((reason) => reason instanceof Conflict)).toBe(true);
    expect(await log().lastSeq('ses_A')).toBe(3);
  });

  it('keeps every type of event as it is', async () => {
    const entries = Object.values(SAMPLE_EVENTS).map((event) => ({ actor: ANA, event }));
    await log().append('ses_A', 0, entries);
    const read = await log().read('ses_A', { afterSeq: 0, limit: 100 });
    expect(read.map(({ actor, event }) => ({ actor, event }))).toEqual(entries);
  });

  it('does not write what could not be read again', async () => {
    const tooLong: NewEntry = {
      actor: AGENT,
      event: { ...SAMPLE_EVENTS['agent.said'], text: 'x'.repeat(16_001) },
    };
    await expect(log().append('ses_A', 0, [OPENED, tooLong])).rejects.toThrow('entry 2 of ses_A');
    expect(await log().lastSeq('ses_A')).toBe(0);
  });

  it('writes nothing for no entries, whatever the end is', async () => {
    expect(await log().append('ses_A', 0, [])).toEqual([]);
    expect(await log().lastSeq('ses_A')).toBe(0);
  });
}

function describeRead({ log }: Given): void {
  beforeEach(async () => {
    await log().append('ses_A', 0, [OPENED, SAID, REQUESTED, SAID, SAID]);
    await log().append('ses_AB', 0, [OPENED]);
    await log().append('ses_B', 0, [OPENED, REQUESTED]);
  });

  const seqs = async (sessionId: SessionId, page: { afterSeq: number; limit: number; factsOnly?: boolean }) =>
    (await log().read(sessionId, page)).map((entry) => entry.seq);

  it('gives pages in order, of one session only', async () => {
    expect(await seqs('ses_A', { afterSeq: 0, limit: 2 })).toEqual([1, 2]);
    expect(await seqs('ses_A', { afterSeq: 2, limit: 100 })).toEqual([3, 4, 5]);
    expect(await seqs('ses_A', { afterSeq: 5, limit: 100 })).toEqual([]);
    expect(await seqs('ses_AB', { afterSeq: 0, limit: 100 })).toEqual([1]);
  });

  it('gives facts only, by their place among all entries', async () => {
    expect(await seqs('ses_A', { afterSeq: 0, limit: 100, factsOnly: true })).toEqual([1, 3]);
    expect(await seqs('ses_A', { afterSeq: 1, limit: 100, factsOnly: true })).toEqual([3]);
    expect(await seqs('ses_A', { afterSeq: 0, limit: 1, factsOnly: true })).toEqual([1]);
  });

  it('knows the last seq, and 0 for a log that is not there', async () => {
    expect(await log().lastSeq('ses_A')).toBe(5);
    expect(await log().lastSeq('ses_none')).toBe(0);
    expect(await log().read('ses_none', { afterSeq: 0, limit: 10 })).toEqual([]);
  });

  it('refuses pages of more than 1,000 entries', async () => {
    await expect(log().read('ses_A', { afterSeq: 0, limit: 1001 })).rejects.toThrow(RangeError);
  });
}

function describeSince({ log, at }: Given): void {
  it('names each session with entries since a moment once', async () => {
    at('2026-11-24T10:00:00.000Z');
    await log().append('ses_old', 0, [OPENED]);
    await log().append('ses_both', 0, [OPENED]);
    at('2026-11-24T11:00:00.000Z');
    await log().append('ses_both', 1, [SAID, SAID, SAID]);
    await log().append('ses_new', 0, [OPENED, SAID]);
    const since = await collected(log().sessionsSince('2026-11-24T11:00:00.000Z'));
    expect(since.toSorted()).toEqual(['ses_both', 'ses_new']);
    expect(await collected(log().sessionsSince('2026-11-24T11:00:00.001Z'))).toEqual([]);
  });

  it('misses nobody behind more entries of one moment than a page holds', async () => {
    at('2026-11-24T10:00:00.000Z');
    await log().append(
      'ses_A',
      0,
      Array.from({ length: 2500 }, () => SAID),
    );
    await log().append('ses_B', 0, [OPENED]);
    at('2026-11-24T10:00:00.001Z');
    await log().append('ses_C', 0, [OPENED]);
    const since = await collected(log().sessionsSince('2026-11-24T10:00:00Z'));
    expect(since).toEqual(['ses_A', 'ses_B', 'ses_C']);
  });
}
