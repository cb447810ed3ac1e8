import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Cursor, Database, Doc, Documents, IndexSpec } from '../platform/documents.ts';
import { type Connection, connect } from './sqlite-connection.ts';
import { declaredFields, indexSql, tableName } from './sqlite-fields.ts';
import { createTable, type Table } from './sqlite-table.ts';

/**
 * Documents in one SQLite file; `:memory:` for one that goes away. A write is on the disk when its promise resolves.
 * A missing folder is made, for its owner only. Every method refuses what `platform/documents.ts` does not name.
 * Two things that MongoDB does are not done here: a list never equals one of its elements, and a unique index takes
 * any number of documents without its field (give such an index a `where`).
 */
export async function openSqlite(path: string): Promise<Database> {
  if (path !== ':memory:') await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const connection = connect(path);
  const declarations = new Map<string, string>();
  return {
    async collection<T extends Doc>(name: string, indexes: readonly IndexSpec[]): Promise<Documents<T>> {
      const declaration = JSON.stringify(indexes);
      const known = declarations.get(name);
      if (known === undefined) migrate(connection, name, indexes);
      else if (known !== declaration) throw new TypeError(`${name} is declared twice, with other indexes`);
      declarations.set(name, declaration);
      return createDocuments<T>(
        createTable(connection, { name: tableName(name), declared: declaredFields(indexes) }),
      );
    },
    async close() {
      connection.close();
    },
  };
}

/** Brings a collection's table and indexes to what is declared: indexes of an older release go away. */
function migrate(connection: Connection, name: string, indexes: readonly IndexSpec[]): void {
  const { exec, prepare, transaction } = connection;
  transaction(() => {
    exec(`CREATE TABLE IF NOT EXISTS ${tableName(name)} (id TEXT PRIMARY KEY NOT NULL, doc TEXT NOT NULL)`);
    const declared = indexes.map((spec) => indexSql(name, spec));
    const names = new Set(declared.map((index) => index.name));
    const known = prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    ).all(name);
    for (const { name: index } of known) {
      if (typeof index === 'string' && !names.has(index)) exec(`DROP INDEX "${index}"`);
    }
    for (const index of declared) exec(index.sql);
  });
}

// The methods are async so that what SQLite throws arrives as a rejection, as it does from the driver.
function createDocuments<T extends Doc>(table: Table): Documents<T> {
  return {
    async insertOne(doc) {
      table.insert(doc);
    },
    async insertMany(docs) {
      table.insertAll(docs);
    },
    async findOne(filter, options) {
      const [text] = table.select(filter, options?.sort, 1);
      return text === undefined ? null : JSON.parse(text);
    },
    find(filter, options) {
      return createCursor(() => table.select(filter, options.sort, limitOf(options.limit)));
    },
    async updateOne(filter, update, options) {
      const changed = table.change(filter, update, { upsert: options?.upsert ?? false, sort: undefined });
      return { matchedCount: changed.matched, modifiedCount: changed.modified };
    },
    async findOneAndUpdate(filter, update, options) {
      if (options.returnDocument !== 'after') throw new TypeError('only returnDocument: after is known');
      const { upsert = false, sort } = options;
      const { after } = table.change(filter, update, { upsert, sort });
      return after === null ? null : JSON.parse(after);
    },
    async deleteOne(filter) {
      return { deletedCount: table.remove(filter, 'first') };
    },
    async deleteMany(filter) {
      return { deletedCount: table.remove(filter, 'all') };
    },
    async countDocuments(filter) {
      return table.count(filter);
    },
  };
}

/** Reads when it is first asked, at most the query's limit, and parses as it goes. */
function createCursor<T>(read: () => readonly string[]): Cursor<T> {
  return {
    async toArray() {
      return read().map((text) => JSON.parse(text));
    },
    async *[Symbol.asyncIterator]() {
      for (const text of read()) yield JSON.parse(text);
    },
  };
}

function limitOf(limit: number): number {
  // To MongoDB a limit of 0 is no limit at all.
  if (!Number.isInteger(limit) || limit < 1)
    throw new TypeError(`a limit is a whole number from 1: ${limit}`);
  return limit;
}
