/**
 * The slice of the `mongodb` driver's `Collection` that our stores use. The driver satisfies it as it is; the embedded
 * adapter (`store/sqlite.ts`) turns it into SQL over JSON documents and refuses what is not in here.
 * One contract suite (`testing/documents-contract.ts`) runs on both.
 */
export type Doc = { readonly _id: string };

type Scalar = string | number | boolean | null;

/** Ranges and `$exists` need a declared index's field on the embedded side, so that no query reads everything. */
export type Condition<Value> =
  | Value
  | {
      readonly $in?: readonly Value[];
      readonly $gt?: Value;
      readonly $gte?: Value;
      readonly $lt?: Value;
      readonly $lte?: Value;
      readonly $ne?: Value;
      readonly $exists?: boolean;
    };

/** Fields by name, dotted for nested ones (`thread.channel`). */
export type Filter = { readonly [field: string]: Condition<Scalar> };

export type Update = {
  readonly $set?: { readonly [field: string]: unknown };
  readonly $unset?: { readonly [field: string]: '' | true };
  readonly $inc?: { readonly [field: string]: number };
  readonly $push?: { readonly [field: string]: unknown };
  readonly $setOnInsert?: { readonly [field: string]: unknown };
};

export type Sort = { readonly [field: string]: 1 | -1 };

export interface Cursor<T> extends AsyncIterable<T> {
  toArray(): Promise<T[]>;
}

export interface Documents<T extends Doc> {
  /** A duplicate `_id` or unique index rejects with an error for which `isDuplicateKey` is true. */
  insertOne(doc: T): Promise<unknown>;
  /** In order: what stands before a duplicate is written, the rest is not. */
  insertMany(docs: readonly T[], options: { readonly ordered: true }): Promise<unknown>;
  findOne(filter: Filter, options?: { readonly sort?: Sort }): Promise<T | null>;
  find(filter: Filter, options: { readonly sort?: Sort; readonly limit: number }): Cursor<T>;
  updateOne(
    filter: Filter,
    update: Update,
    options?: { readonly upsert?: boolean },
  ): Promise<{ readonly matchedCount: number; readonly modifiedCount: number }>;
  findOneAndUpdate(
    filter: Filter,
    update: Update,
    options: { readonly returnDocument: 'after'; readonly upsert?: boolean; readonly sort?: Sort },
  ): Promise<T | null>;
  deleteOne(filter: Filter): Promise<{ readonly deletedCount: number }>;
  deleteMany(filter: Filter): Promise<{ readonly deletedCount: number }>;
  countDocuments(filter: Filter): Promise<number>;
}

export type IndexSpec = {
  readonly fields: Sort;
  readonly unique?: boolean;
  /** Only documents in which this field exists are in the index. */
  readonly where?: { readonly exists: string };
};

/** A place for collections: one SQLite file, or one Mongo database. */
export interface Database {
  collection<T extends Doc>(name: string, indexes: readonly IndexSpec[]): Promise<Documents<T>>;
  close(): Promise<void>;
}

/** The driver's code for a duplicate key, which the embedded adapter uses too. */
export const DUPLICATE_KEY = 11000;

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
}
