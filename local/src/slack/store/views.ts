import type { DatabaseSync } from 'node:sqlite';
import { column } from './database.ts';
import { type StoredView, storedView } from './model.ts';

/** Open modals and published Homes. A modal's row goes when it closes; a Home has one row a person. */
export function createViews(db: DatabaseSync) {
  const put = db.prepare(
    `INSERT INTO views (id, kind, user, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
  );
  const get = db.prepare('SELECT body FROM views WHERE id = ?');
  const ofUser = db.prepare('SELECT body FROM views WHERE user = ? AND kind = ? ORDER BY rowid');
  const byExternalId = db.prepare(`SELECT body FROM views WHERE body ->> '$.externalId' = ?`);
  const remove = db.prepare('DELETE FROM views WHERE id = ?');
  const parse = (rows: readonly unknown[]): StoredView[] =>
    column(rows, 'body').map((body) => storedView.parse(JSON.parse(body)));
  return {
    put(view: StoredView): void {
      put.run(view.id, view.kind, view.user, JSON.stringify(view));
    },
    get: (id: string): StoredView | null =>
      parse([get.get(id)].filter((row) => row !== undefined))[0] ?? null,
    byExternalId: (id: string): StoredView | null =>
      id === '' ? null : (parse(byExternalId.all(id))[0] ?? null),
    /** The person's modals, the one on top last. */
    modals: (user: string): StoredView[] => parse(ofUser.all(user, 'modal')),
    home: (user: string): StoredView | null => parse(ofUser.all(user, 'home'))[0] ?? null,
    remove(id: string): void {
      remove.run(id);
    },
  };
}
