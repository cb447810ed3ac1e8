import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS channels (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL, archived INTEGER NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS members (
    channel TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (channel, user)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, in_channel INTEGER NOT NULL, user TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (channel, ts)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_in_channel ON messages (channel, in_channel, ts);
  CREATE INDEX IF NOT EXISTS messages_in_thread ON messages (channel, thread_ts, ts);
  CREATE TABLE IF NOT EXISTS reactions (
    channel TEXT NOT NULL, ts TEXT NOT NULL, name TEXT NOT NULL, user TEXT NOT NULL,
    PRIMARY KEY (channel, ts, name, user)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS views (id TEXT PRIMARY KEY, kind TEXT NOT NULL, user TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS views_of_user ON views (user, kind);
  CREATE TABLE IF NOT EXISTS deliveries (
    event_id TEXT PRIMARY KEY, payload TEXT NOT NULL, attempt INTEGER NOT NULL, created INTEGER NOT NULL
  ) STRICT;
`;

/** Opens (or makes) the workspace's one database file. WAL, so that a post is one append to the log. */
export function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'slack.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec(SCHEMA);
  return db;
}

/** Reads a setting, or stores and returns what `make` gives when it is not there yet. */
export function setting(db: DatabaseSync, entry: { name: string; make: () => string }): string {
  const insert = db.prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = db.prepare('SELECT value FROM settings WHERE name = ?');
  const stored = select.get(entry.name);
  if (stored) return z.object({ value: z.string() }).parse(stored).value;
  insert.run(entry.name, entry.make());
  return z.object({ value: z.string() }).parse(select.get(entry.name)).value;
}

/** One column of text of each row, such as a JSON body. */
export function column(rows: readonly unknown[], name: string): string[] {
  return z
    .array(z.looseObject({ [name]: z.string() }))
    .parse(rows)
    .map((row) => String(row[name]));
}

/** Stores a setting in place of what it was. */
export function putSetting(db: DatabaseSync, entry: { name: string; value: string }): void {
  db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(entry.name, entry.value);
}
