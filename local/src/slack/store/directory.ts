import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import type { Channel } from '../page-api.ts';
import { CHANNELS, USERS, type User } from '../seed.ts';
import { column } from './database.ts';

const channelRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['channel', 'private', 'dm']),
  topic: z.string(),
  archived: z.number(),
});

export type Directory = ReturnType<typeof createDirectory>;

/** People, channels, and who is in what. People are fixed; channels are seeded once and then belong to the data. */
export function createDirectory(db: DatabaseSync, clock: Clock) {
  const insert = db.prepare(
    `INSERT INTO channels (id, name, kind, topic, archived, created) VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING`,
  );
  const addMember = db.prepare('INSERT INTO members (channel, user) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const all = db.prepare('SELECT id, name, kind, topic, archived FROM channels ORDER BY rowid');
  const one = db.prepare('SELECT id, name, kind, topic, archived FROM channels WHERE id = ?');
  const membersOf = db.prepare('SELECT user FROM members WHERE channel = ? ORDER BY rowid');

  for (const channel of CHANNELS) {
    const isNew = insert.run(channel.id, channel.name, 'channel', channel.topic, clock.now()).changes > 0;
    if (isNew) for (const member of channel.members) addMember.run(channel.id, member);
  }

  const read = (row: unknown): Channel => {
    const { archived, kind, ...channel } = channelRow.parse(row);
    return {
      ...channel,
      kind: kind === 'dm' ? 'dm' : 'channel',
      isPrivate: kind !== 'channel',
      isArchived: archived === 1,
      members: column(membersOf.all(channel.id), 'user'),
    };
  };
  const channels = (): Channel[] => all.all().map(read);
  return {
    users: (): readonly User[] => USERS,
    user: (id: string): User | null => USERS.find((user) => user.id === id) ?? null,
    userByName: (name: string): User | null => USERS.find((user) => user.name === name.toLowerCase()) ?? null,
    channels,
    channel(id: string): Channel | null {
      const row = one.get(id);
      return row ? read(row) : null;
    },
    channelByName: (name: string): Channel | null =>
      channels().find((channel) => channel.kind === 'channel' && channel.name === name) ?? null,
    /** The direct conversation of two people; made when there is none. */
    dm(one: string, other: string): { channel: Channel; isNew: boolean } {
      const found = channels().find(
        (channel) =>
          channel.kind === 'dm' && channel.members.includes(one) && channel.members.includes(other),
      );
      if (found) return { channel: found, isNew: false };
      const channel: Channel = {
        id: newId('D'),
        name: '',
        kind: 'dm',
        isPrivate: true,
        topic: '',
        members: [...new Set([one, other])],
        isArchived: false,
      };
      insert.run(channel.id, channel.name, channel.kind, channel.topic, clock.now());
      for (const member of channel.members) addMember.run(channel.id, member);
      return { channel, isNew: true };
    },
    /** A new channel, with these people in it. The name must be free. */
    create({ name, isPrivate, members }: Pick<Channel, 'name' | 'isPrivate' | 'members'>): string {
      const id = newId('C');
      insert.run(id, name, isPrivate ? 'private' : 'channel', '', clock.now());
      for (const member of members) addMember.run(id, member);
      return id;
    },
    ...createChanges(db),
  };
}

/** What can be changed of a channel that is there. */
function createChanges(db: DatabaseSync) {
  const addMember = db.prepare('INSERT INTO members (channel, user) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const dropMember = db.prepare('DELETE FROM members WHERE channel = ? AND user = ?');
  const setArchived = db.prepare('UPDATE channels SET archived = ? WHERE id = ?');
  const setName = db.prepare('UPDATE channels SET name = ? WHERE id = ?');
  return {
    /** False when the user was in it already. */
    join: (channel: string, user: string): boolean => addMember.run(channel, user).changes > 0,
    /** False when the user was not in it. */
    leave: (channel: string, user: string): boolean => dropMember.run(channel, user).changes > 0,
    setArchived(channel: string, isArchived: boolean): void {
      setArchived.run(isArchived ? 1 : 0, channel);
    },
    rename(channel: string, name: string): void {
      setName.run(name, channel);
    },
  };
}
