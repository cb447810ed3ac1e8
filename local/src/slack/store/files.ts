import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { column } from './database.ts';
import { type StoredFile, storedFile } from './model.ts';

/** What is known of each file; the bytes lie beside the database, one file each, named by id. */
export function createFiles(db: DatabaseSync, dataDir: string) {
  const directory = join(dataDir, 'files');
  mkdirSync(directory, { recursive: true });
  const put = db.prepare(
    'INSERT INTO files (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
  );
  const get = db.prepare('SELECT body FROM files WHERE id = ?');
  const byKey = db.prepare(`SELECT body FROM files WHERE body ->> '$.uploadKey' = ?`);
  const parse = (row: unknown): StoredFile | null =>
    row === undefined ? null : storedFile.parse(JSON.parse(column([row], 'body')[0] ?? ''));
  return {
    put(file: StoredFile): void {
      put.run(file.id, JSON.stringify(file));
    },
    get: (id: string): StoredFile | null => parse(get.get(id)),
    byUploadKey: (key: string): StoredFile | null => parse(byKey.get(key)),
    /** Where the bytes are. The id comes from a stored row, never straight from a request. */
    path: (file: StoredFile): string => join(directory, file.id),
  };
}
