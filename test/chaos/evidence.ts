import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Entry, entrySchema, type SessionId, threadOf } from 'orchestrator/domain';
import { z } from 'zod';
import type { LogLine } from './processes.ts';
import type { ThreadMessage, WorkspaceClient } from './workspace-client.ts';

/** Something that a person wrote to Deckhand. */
export type Post = {
  readonly ts: string;
  /** The root of the thread that it is in; its own ts when it opened one. */
  readonly threadTs: string;
  readonly as: string;
  /** A word to stop asks for nothing to be done; what its author has deleted may have been seen before, or not. */
  readonly kind: 'request' | 'stop' | 'deleted';
};

/** A session as its log tells it, and the thread as Slack holds it. */
export type SessionEvidence = {
  readonly sessionId: SessionId;
  readonly threadTs: string;
  readonly entries: readonly Entry[];
  readonly thread: readonly ThreadMessage[];
};

/** All that was seen from outside of Deckhand. */
export type Evidence = {
  readonly posts: readonly Post[];
  readonly sessions: readonly SessionEvidence[];
  /** Entries that no reader of this release can parse. */
  readonly unreadable: readonly string[];
  readonly errors: readonly LogLine[];
  /** Lives that ended by themselves. */
  readonly deaths: readonly string[];
};

const rowSchema = z.object({ id: z.string(), doc: z.string() });

/** Reads every log out of Deckhand's database, also while Deckhand writes to it. */
export function readLogs(path: string): { entries: readonly Entry[]; unreadable: readonly string[] } {
  if (!existsSync(path)) return { entries: [], unreadable: [] };
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const hasTable = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").get();
    if (!hasTable) return { entries: [], unreadable: [] };
    const entries: Entry[] = [];
    const unreadable: string[] = [];
    for (const row of database.prepare('SELECT id, doc FROM entries ORDER BY id').iterate()) {
      const { id, doc } = rowSchema.parse(row);
      const entry = entrySchema.safeParse(JSON.parse(doc));
      if (entry.success) entries.push(entry.data);
      else unreadable.push(`${id}: ${z.prettifyError(entry.error)}`);
    }
    return { entries, unreadable };
  } finally {
    database.close();
  }
}

/** Looks at the database of Deckhand and at the threads of the workspace. */
export async function gather(
  database: string,
  inChannel: (channel: string) => Pick<WorkspaceClient, 'thread'>,
  known: Pick<Evidence, 'posts' | 'errors' | 'deaths'>,
): Promise<Evidence> {
  const { entries, unreadable } = readLogs(database);
  const bySession = Map.groupBy(entries, (entry) => entry.sessionId);
  const sessions: SessionEvidence[] = [];
  for (const [sessionId, log] of bySession) {
    const opened = log[0]?.event.type === 'session.opened' ? log[0].event : null;
    const at = opened ? threadOf(opened.trigger) : null;
    const thread = at ? await inChannel(at.channel).thread(at.threadTs) : [];
    sessions.push({ sessionId, threadTs: at?.threadTs ?? '', entries: log, thread });
  }
  return { ...known, sessions, unreadable };
}
