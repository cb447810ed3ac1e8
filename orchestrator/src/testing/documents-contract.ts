import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Database,
  type Doc,
  type Documents,
  type Filter,
  type IndexSpec,
  isDuplicateKey,
} from '../platform/documents.ts';

type Item = Doc & {
  readonly group?: string;
  readonly rank?: number;
  readonly flag?: boolean;
  readonly note?: string | null;
  readonly tags?: readonly string[];
  readonly owner?: { readonly team?: string; readonly name?: string | null | undefined };
};

const INDEXES: readonly IndexSpec[] = [
  { fields: { group: 1, rank: 1 } },
  { fields: { note: 1 } },
  { fields: { 'owner.team': 1, 'owner.name': 1 }, unique: true, where: { exists: 'owner.name' } },
];

type Given = { items(): Documents<Item>; ids(filter: Filter): Promise<readonly string[]> };

/** What every place for documents does. `makeDatabase` gives an empty one each time. */
export function describeDocumentsContract(name: string, makeDatabase: () => Promise<Database>): void {
  describe(`documents on ${name}`, () => {
    let database: Database;
    let items: Documents<Item>;
    beforeEach(async () => {
      database = await makeDatabase();
      items = await database.collection<Item>('items', INDEXES);
    });
    afterEach(() => database.close());
    const given: Given = {
      items: () => items,
      async ids(filter) {
        const found = await items.find(filter, { sort: { _id: 1 }, limit: 100 }).toArray();
        return found.map((item) => item._id);
      },
    };
    describe('an insert', () => describeInserts(given));
    describe('a value', () => describeValues(given));
    describe('a filter', () => describeFilters(given));
    describe('a find', () => describeFinds(given));
    describe('an update', () => describeUpdates(given));
    describe('an upsert', () => describeUpserts(given));
    describe('a delete', () => describeDeletes(given));
  });
}

function describeInserts({ items, ids }: Given): void {
  it('refuses a second document with the same _id', async () => {
    await items().insertOne({ _id: 'a', rank: 1 });
    await expect(items().insertOne({ _id: 'a', rank: 2 })).rejects.toSatisfy(isDuplicateKey);
    expect(await items().findOne({ _id: 'a' })).toEqual({ _id: 'a', rank: 1 });
  });

  it('keeps what stands before a duplicate in an ordered insert, and nothing behind it', async () => {
    await items().insertOne({ _id: 'b' });
    const docs = [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }];
    await expect(items().insertMany(docs, { ordered: true })).rejects.toSatisfy(isDuplicateKey);
    expect(await ids({})).toEqual(['a', 'b']);
  });

  it('lets one of two documents with the same unique fields in', async () => {
    await items().insertOne({ _id: 'a', owner: { team: 't', name: 'ana' } });
    const again = items().insertOne({ _id: 'b', owner: { team: 't', name: 'ana' } });
    await expect(again).rejects.toSatisfy(isDuplicateKey);
    await items().insertOne({ _id: 'c', owner: { team: 'u', name: 'ana' } });
  });

  it('takes any number of documents without the field of a partial unique index', async () => {
    await items().insertMany(
      [
        { _id: 'a', owner: { team: 't' } },
        { _id: 'b', owner: { team: 't' } },
      ],
      {
        ordered: true,
      },
    );
    expect(await ids({ 'owner.team': 't' })).toEqual(['a', 'b']);
  });

  it('refuses an update into a duplicate and leaves the document as it was', async () => {
    await items().insertOne({ _id: 'a', owner: { team: 't', name: 'ana' } });
    await items().insertOne({ _id: 'b', owner: { team: 't', name: 'ben' } });
    const update = items().updateOne({ _id: 'b' }, { $set: { 'owner.name': 'ana', rank: 5 } });
    await expect(update).rejects.toSatisfy(isDuplicateKey);
    expect(await items().findOne({ _id: 'b' })).toEqual({ _id: 'b', owner: { team: 't', name: 'ben' } });
  });
}

function describeValues({ items }: Given): void {
  it('gives back what was put in, but for fields that are undefined', async () => {
    const doc = {
      _id: 'a',
      group: 'it\'s "quoted" \u0000 \u2028 \u{1f680} $.x ?',
      rank: -0.5,
      flag: false,
      note: null,
      tags: ['x', 'y'],
      owner: { team: 't' },
    };
    const undefinedRank: Partial<Item> = JSON.parse('{}');
    await items().insertOne({
      ...doc,
      ...undefinedRank,
      owner: { team: 't', ...{ name: undefined } },
    } as Item);
    expect(await items().findOne({ _id: 'a' })).toEqual(doc);
    expect(Object.keys((await items().findOne({ _id: 'a' }))?.owner ?? {})).toEqual(['team']);
  });

  it('keeps large documents and whole numbers of 53 bits', async () => {
    const note = 'ä'.repeat(300_000);
    await items().insertOne({ _id: 'a', note, rank: Number.MAX_SAFE_INTEGER });
    expect(await items().findOne({ _id: 'a' })).toEqual({ _id: 'a', note, rank: Number.MAX_SAFE_INTEGER });
  });
}

function describeFilters({ items, ids }: Given): void {
  beforeEach(async () => {
    const docs: readonly Item[] = [
      { _id: 'a', group: 'x', rank: 1, flag: true, note: 'n', owner: { team: 't', name: 'ana' } },
      { _id: 'b', group: 'x', rank: 2, flag: false, note: null, owner: { team: 't', name: 'ben' } },
      { _id: 'c', group: 'y', rank: 3 },
      { _id: 'd', group: '1' },
    ];
    await items().insertMany(docs, { ordered: true });
  });

  it.each<[string, Filter, readonly string[]]>([
    ['everything', {}, ['a', 'b', 'c', 'd']],
    ['equal text', { group: 'x' }, ['a', 'b']],
    ['equal fields at once', { group: 'x', rank: 2 }, ['b']],
    ['a nested field', { 'owner.team': 't', 'owner.name': 'ben' }, ['b']],
    ['null or missing', { note: null }, ['b', 'c', 'd']],
    ['a nested field that is missing', { 'owner.team': null }, ['c', 'd']],
    ['true, which is not 1', { flag: true }, ['a']],
    ['1, which is neither true nor text', { rank: 1, flag: { $ne: 1 } }, ['a']],
    ['text that looks like a number', { group: '1' }, ['d']],
    ['a number, where the field is text', { group: 1 }, []],
    ['one of a list', { group: { $in: ['y', '1', 'z'] } }, ['c', 'd']],
    ['one of a list with null', { note: { $in: ['n', null] } }, ['a', 'b', 'c', 'd']],
    ['one of a mixed list', { rank: { $in: [1, 'x', true, 3] } }, ['a', 'c']],
    ['one of nothing', { group: { $in: [] } }, []],
    ['not equal, missing ones too', { rank: { $ne: 2 } }, ['a', 'c', 'd']],
    ['not null', { note: { $ne: null } }, ['a']],
    ['a range', { rank: { $gt: 1, $lte: 3 } }, ['b', 'c']],
    ['a range of text', { group: { $gte: 'x', $lt: 'y' } }, ['a', 'b']],
    ['a range of numbers, where the field is text', { group: { $gt: 0 } }, []],
    ['a range of ids', { _id: { $gt: 'a', $lt: 'd' } }, ['b', 'c']],
    ['a field that is there, if only as null', { note: { $exists: true } }, ['a', 'b']],
    ['a field that is missing', { note: { $exists: false } }, ['c', 'd']],
  ])('finds %s', async (_what, filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
    expect(await items().countDocuments(filter)).toBe(expected.length);
  });
}

function describeFinds({ items }: Given): void {
  beforeEach(async () => {
    const docs = [3, 1, 2, 5, 4].map((rank) => ({ _id: `i${rank}`, group: rank > 3 ? 'b' : 'a', rank }));
    await items().insertMany(docs, { ordered: true });
  });

  it('sorts both ways and stops at the limit', async () => {
    const up = await items()
      .find({}, { sort: { rank: 1 }, limit: 2 })
      .toArray();
    const down = await items()
      .find({}, { sort: { group: 1, rank: -1 }, limit: 4 })
      .toArray();
    expect(up.map((item) => item.rank)).toEqual([1, 2]);
    expect(down.map((item) => item.rank)).toEqual([3, 2, 1, 5]);
  });

  it('puts documents without the field before the others', async () => {
    await items().insertOne({ _id: 'none' });
    const [first] = await items()
      .find({}, { sort: { rank: 1 }, limit: 1 })
      .toArray();
    expect(first?._id).toBe('none');
  });

  it('gives its documents one by one, and lets what is found be changed meanwhile', async () => {
    const seen: string[] = [];
    for await (const item of items().find({}, { sort: { rank: 1 }, limit: 4 })) {
      seen.push(item._id);
      await items().updateOne({ _id: item._id }, { $set: { rank: 100 } });
    }
    expect(seen).toEqual(['i1', 'i2', 'i3', 'i4']);
  });

  it('finds the first by a sort, and null when there is none', async () => {
    expect((await items().findOne({ group: 'a' }, { sort: { rank: -1 } }))?._id).toBe('i3');
    expect(await items().findOne({ group: 'none' })).toBeNull();
  });
}

function describeUpdates({ items }: Given): void {
  beforeEach(() => items().insertOne({ _id: 'a', rank: 1, note: 'n', tags: ['x'], owner: { team: 't' } }));

  it('sets, unsets, adds and appends in one step', async () => {
    const result = await items().updateOne(
      { _id: 'a' },
      {
        $set: { 'owner.name': 'ana', group: 'g' },
        $unset: { note: '', 'nothing.here': true },
        $inc: { rank: 2 },
        $push: { tags: 'y' },
        $setOnInsert: { flag: true },
      },
    );
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await items().findOne({ _id: 'a' })).toEqual({
      _id: 'a',
      rank: 3,
      tags: ['x', 'y'],
      owner: { team: 't', name: 'ana' },
      group: 'g',
    });
  });

  it('makes what an update counts on: a number from nothing, a list, an object', async () => {
    await items().insertOne({ _id: 'b' });
    await items().updateOne(
      { _id: 'b' },
      { $inc: { rank: 4 }, $push: { tags: 'x' }, $set: { 'owner.team': 't' } },
    );
    expect(await items().findOne({ _id: 'b' })).toEqual({
      _id: 'b',
      rank: 4,
      tags: ['x'],
      owner: { team: 't' },
    });
  });

  it('says what matched and what changed', async () => {
    const same = await items().updateOne({ _id: 'a' }, { $set: { rank: 1 } });
    const none = await items().updateOne({ _id: 'z' }, { $set: { rank: 1 } });
    expect(same).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
    expect(none).toMatchObject({ matchedCount: 0, modifiedCount: 0 });
    expect(await items().countDocuments({})).toBe(1);
  });

  it.each([
    ['adds to text', { $inc: { note: 1 } }],
    ['appends to a number', { $push: { rank: 'x' } }],
    ['sets a field of a text', { $set: { 'note.deep': 1 } }],
    ['changes one field twice', { $set: { rank: 1 }, $inc: { rank: 1 } }],
    ['changes a field and what is in it', { $set: { owner: {}, 'owner.team': 't' } }],
    ['changes the _id', { $set: { _id: 'b' } }],
  ])('refuses an update that %s, and changes nothing', async (_what, update) => {
    const before = await items().findOne({ _id: 'a' });
    await expect(items().updateOne({ _id: 'a' }, update)).rejects.toThrow();
    expect(await items().findOne({ _id: 'a' })).toEqual(before);
  });

  it('changes only what still is as the filter says, however many try at once', async () => {
    const tries = Array.from({ length: 20 }, () =>
      items().findOneAndUpdate({ _id: 'a', rank: 1 }, { $inc: { rank: 1 } }, { returnDocument: 'after' }),
    );
    const won = (await Promise.all(tries)).filter((doc) => doc !== null);
    expect(won).toEqual([expect.objectContaining({ _id: 'a', rank: 2 })]);
  });

  it('takes the first by a sort, so that a queue can be taken from', async () => {
    await items().insertOne({ _id: 'b', rank: 0 });
    const claim = { $set: { rank: 9 } };
    const first = await items().findOneAndUpdate({ rank: { $lt: 9 } }, claim, {
      returnDocument: 'after',
      sort: { rank: 1 },
    });
    expect(first).toEqual({ _id: 'b', rank: 9 });
  });
}

function describeUpserts({ items }: Given): void {
  it('makes a document out of the filter and the update, once', async () => {
    const upsert = () =>
      items().findOneAndUpdate(
        { _id: 'a', group: 'g' },
        { $inc: { rank: 1 }, $setOnInsert: { note: 'first' } },
        { returnDocument: 'after', upsert: true },
      );
    expect(await upsert()).toEqual({ _id: 'a', group: 'g', rank: 1, note: 'first' });
    expect(await upsert()).toEqual({ _id: 'a', group: 'g', rank: 2, note: 'first' });
  });

  it('is refused as a duplicate where the filter does not match the document of its _id', async () => {
    await items().insertOne({ _id: 'a', rank: 5 });
    const older = items().updateOne(
      { _id: 'a', rank: { $lt: 5 } },
      { $set: { note: 'old' } },
      { upsert: true },
    );
    await expect(older).rejects.toSatisfy(isDuplicateKey);
    expect(await items().findOne({ _id: 'a' })).toEqual({ _id: 'a', rank: 5 });
  });

  it('makes nothing without upsert', async () => {
    const options = { returnDocument: 'after' } as const;
    expect(await items().findOneAndUpdate({ _id: 'a' }, { $set: { rank: 1 } }, options)).toBeNull();
    expect(await items().countDocuments({})).toBe(0);
  });
}

function describeDeletes({ items, ids }: Given): void {
  it('deletes one, or all that match, and says how many', async () => {
    const docs = ['a', 'b', 'c', 'd'].map((_id) => ({ _id, group: _id === 'd' ? 'y' : 'x' }));
    await items().insertMany(docs, { ordered: true });
    expect(await items().deleteOne({ _id: 'a' })).toMatchObject({ deletedCount: 1 });
    expect(await items().deleteOne({ _id: 'a' })).toMatchObject({ deletedCount: 0 });
    expect(await items().deleteMany({ group: 'x' })).toMatchObject({ deletedCount: 2 });
    expect(await ids({})).toEqual(['d']);
  });
}
