import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Reaction } from '../page-api.ts';
import { column } from './database.ts';
import { type StoredMessage, storedMessage } from './model.ts';

/** Which messages of a channel or thread, as the Web API's and the page's paging ask for them. */
export type Window = {
  /** Only messages after this ts (exclusive). */
  readonly after?: string;
  /** Only messages before this ts (exclusive). */
  readonly before?: string;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
};

export type ThreadSummary = {
  readonly count: number;
  readonly users: readonly string[];
  readonly latest: string | null;
};

const parseBodies = (rows: readonly unknown[]): StoredMessage[] =>
  column(rows, 'body').map((body) => storedMessage.parse(JSON.parse(body)));

const bounds = (window: Window): [string, string, number] => [
  window.after ?? '',
  window.before ?? '~', // '~' sorts after every digit
  window.limit,
];

/** Messages and reactions. One row per message, written when it changes; nothing is kept in memory. */
export function createMessages(db: DatabaseSync) {
  const put = db.prepare(
    `INSERT INTO messages (channel, ts, thread_ts, in_channel, user, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (channel, ts) DO UPDATE SET body = excluded.body`,
  );
  const get = db.prepare('SELECT body FROM messages WHERE channel = ? AND ts = ?');
  const remove = db.prepare('DELETE FROM messages WHERE channel = ? AND ts = ?');
  const newest = db.prepare('SELECT max(ts) AS ts FROM messages');
  const page = (where: string, order: 'ASC' | 'DESC') =>
    db.prepare(`SELECT body FROM messages WHERE ${where} AND ts > ? AND ts < ? ORDER BY ts ${order} LIMIT ?`);
  const inChannel = 'channel = ? AND in_channel = 1';
  const inThread = 'channel = ? AND thread_ts = ?';
  const channelPages = { newest: page(inChannel, 'DESC'), oldest: page(inChannel, 'ASC') };
  const threadPages = { newest: page(inThread, 'DESC'), oldest: page(inThread, 'ASC') };
  const summary = db.prepare(
    'SELECT count(*) AS count, max(ts) AS latest FROM messages WHERE channel = ? AND thread_ts = ?',
  );
  // Slack shows at most five faces beside "n replies".
  const repliers = db.prepare(
    `SELECT user FROM messages WHERE channel = ? AND thread_ts = ? GROUP BY user ORDER BY min(ts) LIMIT 5`,
  );
  return {
    put(message: StoredMessage): void {
      const isInChannel = message.threadTs === null || message.isBroadcast;
      put.run(
        message.channel,
        message.ts,
        message.threadTs,
        isInChannel ? 1 : 0,
        message.user,
        JSON.stringify(message),
      );
    },
    get(channel: string, ts: string): StoredMessage | null {
      return parseBodies([get.get(channel, ts)].filter((row) => row !== undefined))[0] ?? null;
    },
    remove(channel: string, ts: string): void {
      remove.run(channel, ts);
    },
    /** The newest ts of the whole workspace; null when it is empty. */
    newestTs(): string | null {
      return z.object({ ts: z.string().nullable() }).parse(newest.get()).ts;
    },
    /** Roots and broadcast replies. */
    inChannel(channel: string, window: Window): StoredMessage[] {
      return parseBodies(channelPages[window.order].all(channel, ...bounds(window)));
    },
    /** Replies, without the root. */
    inThread(root: { channel: string; ts: string }, window: Window): StoredMessage[] {
      return parseBodies(threadPages[window.order].all(root.channel, root.ts, ...bounds(window)));
    },
    threadSummary(channel: string, ts: string): ThreadSummary {
      const row = z
        .object({ count: z.number(), latest: z.string().nullable() })
        .parse(summary.get(channel, ts));
      return { ...row, users: row.count === 0 ? [] : column(repliers.all(channel, ts), 'user') };
    },
  };
}

type ReactionKey = { channel: string; ts: string; name: string; user: string };

export function createReactions(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT INTO reactions (channel, ts, name, user) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM reactions WHERE channel = ? AND ts = ? AND name = ? AND user = ?');
  const removeAll = db.prepare('DELETE FROM reactions WHERE channel = ? AND ts = ?');
  const list = db.prepare('SELECT name, user FROM reactions WHERE channel = ? AND ts = ? ORDER BY rowid');
  return {
    /** False when it was there already. */
    add: ({ channel, ts, name, user }: ReactionKey): boolean => add.run(channel, ts, name, user).changes > 0,
    /** False when it was not there. */
    remove: ({ channel, ts, name, user }: ReactionKey): boolean =>
      remove.run(channel, ts, name, user).changes > 0,
    removeAll(channel: string, ts: string): void {
      removeAll.run(channel, ts);
    },
    of(channel: string, ts: string): Reaction[] {
      const rows = z.array(z.object({ name: z.string(), user: z.string() })).parse(list.all(channel, ts));
      const usersByName = new Map<string, string[]>();
      for (const { name, user } of rows) usersByName.set(name, [...(usersByName.get(name) ?? []), user]);
      return [...usersByName].map(([name, users]) => ({ name, users }));
    },
  };
}
