import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const pullRequestRow = z.object({
  repository: z.string(),
  number: z.number(),
  title: z.string(),
  body: z.string(),
  head: z.string(),
  base: z.string(),
  headSha: z.string(),
  /** Where the two branches parted, as last seen while the pull request was open. */
  forkSha: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  draft: z.number().transform((draft) => draft === 1),
  author: z.string(),
  sessionUrl: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  mergedAt: z.string().nullable(),
  mergedBy: z.string().nullable(),
  mergeSha: z.string().nullable(),
  closedBy: z.string().nullable(),
});

const commentRow = z.object({
  id: z.number(),
  author: z.string(),
  /** `note` is written by the host itself: "merged", "closed". */
  kind: z.enum(['comment', 'note']),
  body: z.string(),
  createdAt: z.string(),
});

const checkRow = z.object({
  sha: z.string(),
  name: z.string(),
  status: z.enum(['pending', 'passed', 'failed', 'skipped']),
  summary: z.string(),
  updatedAt: z.string(),
});

const eventRow = z.object({ id: z.number(), type: z.string(), data: z.string() });
const countRow = z.object({ count: z.number() });

export type PullRequest = Readonly<z.infer<typeof pullRequestRow>>;
export type Comment = Readonly<z.infer<typeof commentRow>>;
export type Check = Readonly<z.infer<typeof checkRow>>;
export type StoredEvent = Readonly<z.infer<typeof eventRow>>;
export type PullRequestKey = { readonly repository: string; readonly number: number };

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS pullRequests (
    repository TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
    head TEXT NOT NULL, base TEXT NOT NULL, headSha TEXT NOT NULL, forkSha TEXT NOT NULL, state TEXT NOT NULL,
    draft INTEGER NOT NULL, author TEXT NOT NULL, sessionUrl TEXT, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL,
    mergedAt TEXT, mergedBy TEXT, mergeSha TEXT, closedBy TEXT,
    PRIMARY KEY (repository, number)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS oneOpenPullRequestAHead
    ON pullRequests (repository, head, base) WHERE state = 'open';
  CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL, number INTEGER NOT NULL,
    author TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, createdAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS commentsOfPullRequest ON comments (repository, number, id);
  CREATE TABLE IF NOT EXISTS checks (
    repository TEXT NOT NULL, sha TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    summary TEXT NOT NULL, updatedAt TEXT NOT NULL,
    PRIMARY KEY (repository, sha, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT;
`;

type PullRequestFilter = {
  readonly repository?: string;
  readonly state?: PullRequest['state'];
  readonly head?: string;
};

/** Pull requests, their comments and checks, and the list of what happened to them, in one SQLite file. */
export interface PullRequestStore {
  /** Newest first. */
  list(filter: PullRequestFilter): PullRequest[];
  find(key: PullRequestKey): PullRequest | null;
  /** Adds one under the next free number of its repository. */
  add(pullRequest: Omit<PullRequest, 'number'>): PullRequest;
  put(pullRequest: PullRequest): void;
  comments(key: PullRequestKey): Comment[];
  addComment(key: PullRequestKey, comment: Omit<Comment, 'id'>): Comment;
  checks(repository: string, sha: string): Check[];
  putCheck(repository: string, check: Check): void;
  addEvent(type: string, data: string): StoredEvent;
  eventsAfter(id: number, limit: number): StoredEvent[];
  lastEventId(): number;
  close(): void;
}

export function openPullRequestStore(file: string): PullRequestStore {
  const db = new DatabaseSync(file);
  db.exec(schema);
  return {
    ...pullRequestTable(db),
    ...commentTable(db),
    ...checkTable(db),
    ...eventTable(db),
    close: () => db.close(),
  };
}

const columns = Object.keys(pullRequestRow.shape);

function pullRequestTable(db: DatabaseSync): Pick<PullRequestStore, 'list' | 'find' | 'add' | 'put'> {
  const next = db.prepare(
    'SELECT coalesce(max(number), 0) + 1 AS count FROM pullRequests WHERE repository = ?',
  );
  const one = db.prepare('SELECT * FROM pullRequests WHERE repository = ? AND number = ?');
  const many = db.prepare(`SELECT * FROM pullRequests
    WHERE ($repository IS NULL OR repository = $repository) AND ($state IS NULL OR state = $state)
      AND ($head IS NULL OR head = $head) ORDER BY createdAt DESC, number DESC`);
  const upsert = db.prepare(`INSERT INTO pullRequests (${columns.join(', ')})
    VALUES (${columns.map((column) => `$${column}`).join(', ')})
    ON CONFLICT (repository, number) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`);
  const put = (pullRequest: PullRequest) => {
    upsert.run({ ...pullRequest, draft: pullRequest.draft ? 1 : 0 });
  };
  return {
    put,
    list({ repository = null, state = null, head = null }) {
      return many.all({ repository, state, head }).map((row) => pullRequestRow.parse(row));
    },
    find({ repository, number }) {
      const row = one.get(repository, number);
      return row === undefined ? null : pullRequestRow.parse(row);
    },
    add(pullRequest) {
      const number = countRow.parse(next.get(pullRequest.repository)).count;
      put({ ...pullRequest, number });
      return { ...pullRequest, number };
    },
  };
}

function commentTable(db: DatabaseSync): Pick<PullRequestStore, 'comments' | 'addComment'> {
  const many = db.prepare('SELECT * FROM comments WHERE repository = ? AND number = ? ORDER BY id');
  const insert = db.prepare(`INSERT INTO comments (repository, number, author, kind, body, createdAt)
    VALUES ($repository, $number, $author, $kind, $body, $createdAt)`);
  return {
    comments({ repository, number }) {
      return many.all(repository, number).map((row) => commentRow.parse(row));
    },
    addComment({ repository, number }, comment) {
      const { lastInsertRowid } = insert.run({ repository, number, ...comment });
      return { id: Number(lastInsertRowid), ...comment };
    },
  };
}

function checkTable(db: DatabaseSync): Pick<PullRequestStore, 'checks' | 'putCheck'> {
  const many = db.prepare('SELECT * FROM checks WHERE repository = ? AND sha = ? ORDER BY name');
  const upsert = db.prepare(`INSERT INTO checks (repository, sha, name, status, summary, updatedAt)
    VALUES ($repository, $sha, $name, $status, $summary, $updatedAt)
    ON CONFLICT (repository, sha, name)
    DO UPDATE SET status = excluded.status, summary = excluded.summary, updatedAt = excluded.updatedAt`);
  return {
    checks: (repository, sha) => many.all(repository, sha).map((row) => checkRow.parse(row)),
    putCheck: (repository, check) => {
      upsert.run({ repository, ...check });
    },
  };
}

function eventTable(db: DatabaseSync): Pick<PullRequestStore, 'addEvent' | 'eventsAfter' | 'lastEventId'> {
  const insert = db.prepare('INSERT INTO events (type, data) VALUES (?, ?)');
  const after = db.prepare('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?');
  const last = db.prepare('SELECT coalesce(max(id), 0) AS count FROM events');
  return {
    addEvent: (type, data) => ({ id: Number(insert.run(type, data).lastInsertRowid), type, data }),
    eventsAfter: (id, limit) => after.all(id, limit).map((row) => eventRow.parse(row)),
    lastEventId: () => countRow.parse(last.get()).count,
  };
}
