import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter, Sort } from '../platform/documents.ts';
import { createEventLog } from './event-log.ts';
import { createSessionList } from './sessions.ts';
import { openSqlite } from './sqlite.ts';
import { type Connection, connect } from './sqlite-connection.ts';
import { sortOf, whereOf } from './sqlite-filter.ts';

describe('the queries of the stores', () => {
  let dir: string;
  let connection: Connection;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deckhand-plans-'));
    const database = await openSqlite(join(dir, 'plans.db'));
    await createEventLog(database);
    await createSessionList(database);
    await database.close();
    connection = connect(join(dir, 'plans.db'));
  });
  afterAll(async () => {
    connection.close();
    await rm(dir, { recursive: true });
  });

  const planOf = (table: string, filter: Filter, sort: Sort) => {
    const declared = new Set([...Object.keys(filter), ...Object.keys(sort)]);
    const { sql, values } = whereOf(filter, declared);
    const query = `EXPLAIN QUERY PLAN SELECT doc FROM ${table} WHERE ${sql}${sortOf(sort, filter, declared)} LIMIT 10`;
    return connection
      .prepare(query)
      .all(...values)
      .map((step) => String(step['detail']));
  };

  const thread = { 'thread.team': 'T', 'thread.channel': 'C', 'thread.threadTs': '1.2' };

  it.each<[string, string, Filter, Sort]>([
    ['a page of a log', 'entries', { _id: { $gt: 'a', $lte: 'b' } }, { _id: 1 }],
    ['the end of a log', 'entries', { _id: { $gt: 'a', $lte: 'b' } }, { _id: -1 }],
    [
      'a page of facts',
      'entries',
      { sessionId: 'ses_A', fact: true, seq: { $gt: 5 } },
      { sessionId: 1, seq: 1 },
    ],
    ['entries since a moment', 'entries', { at: { $gte: '2026' } }, { at: 1, _id: 1 }],
    ['the rest of a moment', 'entries', { at: '2026', _id: { $gt: 'a' } }, { at: 1, _id: 1 }],
    ['the newest sessions', 'sessions', { order: { $lt: 'x' } }, { order: -1 }],
    ['the newest of a status', 'sessions', { status: 'idle', order: { $lt: 'x' } }, { order: -1 }],
    ['the newest of a repository', 'sessions', { repository: 'a/b' }, { order: -1 }],
    ['the session of a thread', 'sessions', thread, {}],
    ['the session of a pull request', 'sessions', { repository: 'a/b', 'pullRequest.number': 7 }, {}],
    ['unsettled sessions', 'sessions', { unsettled: true, _id: { $gt: 'a' } }, { _id: 1 }],
  ])('find %s by an index that has them in order', (_what, table, filter, sort) => {
    const plan = planOf(table, filter, sort);
    expect(plan).toEqual([expect.stringMatching(/^SEARCH \w+ USING INDEX/)]);
  });
});
