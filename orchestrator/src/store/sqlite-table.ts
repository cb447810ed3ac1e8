import { DUPLICATE_KEY, type Filter, isDuplicateKey, type Sort, type Update } from '../platform/documents.ts';
import { updated, upsertSeed } from './document-update.ts';
import type { Connection } from './sqlite-connection.ts';
import { sortOf, whereOf } from './sqlite-filter.ts';
import { encode } from './sqlite-json.ts';

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const DUPLICATE_CODES: ReadonlySet<unknown> = new Set([1555, 2067]);

type Fields = Readonly<Record<string, unknown>>;
type Changed = { readonly matched: number; readonly modified: number; readonly after: string | null };

/** The documents of one table as text; each call is atomic. */
export type Table = {
  select(filter: Filter, sort: Sort | undefined, limit: number): readonly string[];
  insert(doc: Fields): void;
  /** Commits what stands before a duplicate, then throws. */
  insertAll(docs: readonly Fields[]): void;
  /** Changes the first match. `after` is null when there is none and nothing was made. */
  change(
    filter: Filter,
    update: Update,
    options: { readonly upsert: boolean; readonly sort: Sort | undefined },
  ): Changed;
  remove(filter: Filter, which: 'first' | 'all'): number;
  count(filter: Filter): number;
};

export function createTable(
  connection: Connection,
  options: { readonly name: string; readonly declared: ReadonlySet<string> },
): Table {
  const { prepare, transaction } = connection;
  const { name, declared } = options;

  function select(filter: Filter, sort: Sort | undefined, limit: number): readonly string[] {
    const where = whereOf(filter, declared);
    const sql = `SELECT doc FROM ${name} WHERE ${where.sql}${sortOf(sort, filter, declared)} LIMIT ?`;
    return prepare(sql)
      .all(...where.values, limit)
      .map((row) => String(row['doc']));
  }

  function write(sql: string, ...values: string[]): void {
    try {
      prepare(sql).run(...values);
    } catch (cause) {
      if (!(cause instanceof Error && 'errcode' in cause && DUPLICATE_CODES.has(cause.errcode))) throw cause;
      throw Object.assign(new Error(`duplicate key in ${name}`, { cause }), { code: DUPLICATE_KEY });
    }
  }

  function insert(doc: Fields): string {
    const { id, text } = encode(doc);
    write(`INSERT INTO ${name} (id, doc) VALUES (?, ?)`, id, text);
    return text;
  }

  function replace(before: string, update: Update): Changed {
    const { id, text } = encode(updated(JSON.parse(before), update, { inserting: false }));
    if (text === before) return { matched: 1, modified: 0, after: before };
    write(`UPDATE ${name} SET doc = ? WHERE id = ?`, text, id);
    return { matched: 1, modified: 1, after: text };
  }

  return {
    select,
    insert,
    insertAll(docs) {
      const duplicate = transaction(() => insertUntilDuplicate(docs, insert));
      if (duplicate) throw duplicate;
    },
    change(filter, update, { upsert, sort }) {
      return transaction(() => {
        const [before] = select(filter, sort, 1);
        if (before !== undefined) return replace(before, update);
        if (!upsert) return { matched: 0, modified: 0, after: null };
        return {
          matched: 0,
          modified: 0,
          after: insert(updated(upsertSeed(filter), update, { inserting: true })),
        };
      });
    },
    remove(filter, which) {
      const where = whereOf(filter, declared);
      const chosen = `SELECT id FROM ${name} WHERE ${where.sql}${which === 'first' ? ' LIMIT 1' : ''}`;
      return Number(prepare(`DELETE FROM ${name} WHERE id IN (${chosen})`).run(...where.values).changes);
    },
    count(filter) {
      const where = whereOf(filter, declared);
      const sql = `SELECT count(*) AS found FROM ${name} WHERE ${where.sql}`;
      return Number(prepare(sql).get(...where.values)?.['found']);
    },
  };
}

function insertUntilDuplicate(docs: readonly Fields[], insert: (doc: Fields) => void): Error | null {
  for (const doc of docs) {
    try {
      insert(doc);
    } catch (error) {
      if (error instanceof Error && isDuplicateKey(error)) return error;
      throw error;
    }
  }
  return null;
}
