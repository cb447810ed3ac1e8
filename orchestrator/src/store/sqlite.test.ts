import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Doc, Documents, Filter, IndexSpec, Update } from '../platform/documents.ts';
import { describeDocumentsContract } from '../testing/documents-contract.ts';
import { openSqlite } from './sqlite.ts';
import { connect } from './sqlite-connection.ts';

describeDocumentsContract('SQLite in memory', () => openSqlite(':memory:'));

type Item = Doc & { readonly group?: string; readonly rank?: number; readonly note?: string };

const INDEXES: readonly IndexSpec[] = [{ fields: { group: 1, rank: 1 } }];

describe('SQLite, which would otherwise read everything or guess', () => {
  let database: Database;
  let items: Documents<Item>;
  beforeEach(async () => {
    database = await openSqlite(':memory:');
    items = await database.collection<Item>('items', INDEXES);
  });
  afterEach(() => database.close());

  it.each<[string, Filter]>([
    ['a range on a field without an index', { note: { $gt: 'a' } }],
    ['$exists on a field without an index', { note: { $exists: true } }],
    ['an empty condition', { group: {} }],
    ['more than null', { rank: { $gt: null } }],
    ['a number for an _id', { _id: 5 }],
    ['a field that is SQL', { "x') OR 1 --": 1 }],
    ['a place in a list', { 'tags.0': 'x' }],
    ['the prototype', { '__proto__.x': 1 }],
  ])('refuses %s', async (_what, filter) => {
    await expect(items.findOne(filter)).rejects.toThrow(TypeError);
  });

  it('refuses operators it does not know', async () => {
    const filter: Filter = JSON.parse('{"group": {"$regex": "x"}}');
    const update: Update = JSON.parse('{"$rename": {"group": "rank"}}');
    const push: Update = JSON.parse('{"$push": {"list": {"$each": [1]}}}');
    await items.insertOne({ _id: 'a' });
    await expect(items.findOne(filter)).rejects.toThrow('unknown operator $regex for group');
    await expect(items.updateOne({ _id: 'a' }, update)).rejects.toThrow('unknown update operator $rename');
    await expect(items.updateOne({ _id: 'a' }, push)).rejects.toThrow('unknown modifier $each');
  });

  it('refuses sorts on fields without an index, and limits that MongoDB takes for none', async () => {
    const sorted = items.find({}, { sort: { note: 1 }, limit: 1 });
    await expect(sorted.toArray()).rejects.toThrow('sort on note, which no index declares');
    await expect(items.find({}, { limit: 0 }).toArray()).rejects.toThrow('whole number from 1');
  });

  it.each([
    ['a date', new Date(0)],
    ['not a number', Number.NaN],
    ['a function', () => 1],
    ['a map', new Map()],
    ['bytes', Buffer.from('x')],
  ])('refuses to store %s, which JSON would turn into something else', async (_what, value) => {
    await items.insertOne({ _id: 'a' });
    await expect(items.updateOne({ _id: 'a' }, { $set: { note: value } })).rejects.toThrow(TypeError);
  });

  it('refuses one collection with two sets of indexes', async () => {
    await expect(database.collection('items', [])).rejects.toThrow('declared twice');
  });
});

describe('SQLite in a file', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deckhand-sqlite-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const fileIn = () => join(dir, 'deep', 'deckhand.db');

  it('keeps documents over a restart, in a folder that only its owner reads', async () => {
    const first = await openSqlite(fileIn());
    await (await first.collection<Item>('items', INDEXES)).insertOne({ _id: 'a', rank: 1 });
    await first.close();
    const second = await openSqlite(fileIn());
    expect(await (await second.collection<Item>('items', INDEXES)).findOne({})).toEqual({
      _id: 'a',
      rank: 1,
    });
    await second.close();
    expect((await stat(join(dir, 'deep'))).mode & 0o077).toBe(0);
  });

  it('syncs each commit to the disk and lets readers in while somebody writes', async () => {
    const database = await openSqlite(fileIn());
    const items = await database.collection<Item>('items', INDEXES);
    await items.insertOne({ _id: 'a' });
    const writer = connect(fileIn());
    // 2 is FULL: a commit waits for the disk.
    expect(writer.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    writer.exec('BEGIN IMMEDIATE; DELETE FROM items');
    expect(await items.countDocuments({})).toBe(1);
    writer.exec('COMMIT');
    expect(await items.countDocuments({})).toBe(0);
    writer.close();
    await database.close();
  });

  it('never loses an update of two that have the file open', async () => {
    const open = await Promise.all([openSqlite(fileIn()), openSqlite(fileIn())]);
    const both = await Promise.all(open.map((database) => database.collection<Item>('items', INDEXES)));
    await both[0]?.insertOne({ _id: 'a', rank: 0 });
    const rounds = Array.from({ length: 50 }, () => both).flat();
    await Promise.all(rounds.map((items) => items.updateOne({ _id: 'a' }, { $inc: { rank: 1 } })));
    expect(await both[1]?.findOne({ _id: 'a' })).toEqual({ _id: 'a', rank: 100 });
    await Promise.all(open.map((database) => database.close()));
  });

  it('follows a declaration that has changed: new indexes hold, old ones are gone', async () => {
    const before = await openSqlite(fileIn());
    await before.collection<Item>('items', [{ fields: { group: 1 }, unique: true }]);
    await before.close();
    const after = await openSqlite(fileIn());
    const items = await after.collection<Item>('items', [{ fields: { rank: 1 }, unique: true }]);
    await items.insertOne({ _id: 'a', group: 'x', rank: 1 });
    await items.insertOne({ _id: 'b', group: 'x', rank: 2 });
    await expect(items.insertOne({ _id: 'c', rank: 2 })).rejects.toMatchObject({ code: 11000 });
    await after.close();
  });
});
