import { Conflict, type Entry, entrySchema, isFact, type SessionId } from '../domain/index.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import {
  type Database,
  type Doc,
  type Documents,
  type Filter,
  isDuplicateKey,
} from '../platform/documents.ts';
import type { EventLog, NewEntry } from '../ports.ts';

type EntryDoc = Doc &
  Entry & {
    /** Only on facts: they have an index of their own. */
    readonly fact?: true;
  };

/** Entries of one read, at most. */
const PAGE_LIMIT = 1000;

/** As many digits as the largest seq that a number counts exactly: then keys sort as numbers do. */
const SEQ_DIGITS = String(Number.MAX_SAFE_INTEGER).length;

/**
 * The log over documents. It only inserts: the key of an entry is its session and its seq, so a seq is written once
 * whoever else writes. An entry that a reader could not parse is not written, and one that does not parse is an error
 * with its session and seq, never left out.
 */
export async function createEventLog(database: Database, clock: Clock = systemClock): Promise<EventLog> {
  const entries = await database.collection<EntryDoc>('entries', [
    { fields: { sessionId: 1, seq: 1 }, where: { exists: 'fact' } },
    { fields: { at: 1, _id: 1 } },
  ]);
  return {
    append: (sessionId, expectedSeq, added) => {
      const at = new Date(clock.now()).toISOString();
      return append(entries, { sessionId, expectedSeq, added, at });
    },
    async read(sessionId, page) {
      if (page.limit > PAGE_LIMIT) throw new RangeError(`a page holds ${PAGE_LIMIT} entries at most`);
      const { filter, sort } = page.factsOnly
        ? {
            filter: { sessionId, fact: true, seq: { $gt: page.afterSeq } },
            sort: { sessionId: 1, seq: 1 } as const,
          }
        : { filter: keysAfter(sessionId, page.afterSeq), sort: { _id: 1 } as const };
      const found = await entries.find(filter, { sort, limit: page.limit }).toArray();
      return found.map(entryOf);
    },
    async lastSeq(sessionId) {
      const last = await entries.findOne(keysAfter(sessionId, 0), { sort: { _id: -1 } });
      return last ? entryOf(last).seq : 0;
    },
    sessionsSince: (at) => sessionsSince(entries, new Date(at).toISOString()),
  };
}

async function append(
  entries: Documents<EntryDoc>,
  {
    sessionId,
    expectedSeq,
    added,
    at,
  }: {
    readonly sessionId: SessionId;
    readonly expectedSeq: number;
    readonly added: readonly NewEntry[];
    readonly at: string;
  },
): Promise<readonly Entry[]> {
  if (added.length === 0) return [];
  const written = added.map(({ actor, event }, index) =>
    entryOf({ sessionId, seq: expectedSeq + index + 1, at, actor, event }),
  );
  // Writing behind an end that is not there would leave a gap that nobody can ever fill.
  if (expectedSeq > 0 && !(await entries.findOne({ _id: keyOf(sessionId, expectedSeq) })))
    throw new RangeError(`the log of ${sessionId} has no entry ${expectedSeq} to write behind`);
  try {
    await entries.insertMany(written.map(docOf), { ordered: true });
  } catch (cause) {
    if (!isDuplicateKey(cause)) throw cause;
    throw new Conflict(`the log of ${sessionId} is longer than ${expectedSeq}`, { cause });
  }
  return written;
}

/** Reads by moment and key: first what is left of the last moment seen, then what is later. */
async function* sessionsSince(entries: Documents<EntryDoc>, at: string): AsyncGenerator<SessionId> {
  const seen = new Set<SessionId>();
  const after = (filter: Filter) =>
    entries.find(filter, { sort: { at: 1, _id: 1 }, limit: PAGE_LIMIT }).toArray();
  let page = await after({ at: { $gte: at } });
  for (let last = page.at(-1); last; last = page.at(-1)) {
    for (const { sessionId } of page) {
      if (seen.has(sessionId)) continue;
      seen.add(sessionId);
      yield sessionId;
    }
    page = await after({ at: last.at, _id: { $gt: last._id } });
    if (page.length === 0) page = await after({ at: { $gt: last.at } });
  }
}

function docOf(entry: Entry): EntryDoc {
  const key = { _id: keyOf(entry.sessionId, entry.seq) };
  return isFact(entry.event) ? { ...key, ...entry, fact: true } : { ...key, ...entry };
}

function entryOf(written: Entry): Entry {
  const { success, data, error } = entrySchema.safeParse(written);
  if (success) return data;
  throw new Error(`entry ${written.seq} of ${written.sessionId} cannot be read`, { cause: error });
}

function keyOf(sessionId: SessionId, seq: number): string {
  return `${sessionId}:${String(seq).padStart(SEQ_DIGITS, '0')}`;
}

function keysAfter(sessionId: SessionId, seq: number): Filter {
  return { _id: { $gt: keyOf(sessionId, seq), $lte: keyOf(sessionId, Number.MAX_SAFE_INTEGER) } };
}
