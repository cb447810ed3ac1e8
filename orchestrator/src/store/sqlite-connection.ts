import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** How long a write waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

export type Connection = {
  exec(sql: string): void;
  /** The statement of this text, prepared once. */
  prepare(sql: string): StatementSync;
  /** Commits what the work wrote; on an error all of it is taken back. The work must not wait. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
};

/** Opens a file so that a commit is on the disk when it returns, and readers and one writer do not wait for each other. */
export function connect(path: string): Connection {
  const db = open(path);
  const statements = new Map<string, StatementSync>();
  return {
    exec: (sql) => db.exec(sql),
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const statement = db.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    transaction(work) {
      // IMMEDIATE: what is read here is still so when it is written.
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}

function open(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    return db;
  } catch (cause) {
    if (storeProblemOf(cause) === null || !(cause instanceof Error)) throw cause;
    // SQLite does not say which file; whoever mends it has to know.
    const { errcode } = cause as Error & { readonly errcode: number };
    throw Object.assign(new Error(`${path}: ${cause.message}`, { cause }), { errcode });
  }
}

/** SQLite's result codes without what it adds to them: https://www.sqlite.org/rescode.html. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]); // CORRUPT, NOTADB
const UNUSABLE: ReadonlySet<number> = new Set([3, 5, 6, 8, 10, 13, 14]); // PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN

/** What an error of SQLite says about its file; null for other errors, and for those that are bugs of ours. */
export function storeProblemOf(error: unknown): 'damaged' | 'unusable' | null {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return null;
  const code = error.errcode & 0xff;
  if (DAMAGED.has(code)) return 'damaged';
  return UNUSABLE.has(code) ? 'unusable' : null;
}
