import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { ArtifactStore, EventLog } from '../ports.ts';
import { createArtifactStore } from '../store/artifacts.ts';
import { createEventLog } from '../store/event-log.ts';
import { createSessionList, type StoredSessionList } from '../store/sessions.ts';
import { openSqlite } from '../store/sqlite.ts';

export type MemoryStores = {
  readonly log: EventLog;
  readonly sessions: StoredSessionList;
  readonly artifacts: ArtifactStore;
  close(): Promise<void>;
};

/** The real stores over a database in memory: as quick as fakes, and they behave as the product does. */
export async function createMemoryStores(clock: Clock = systemClock): Promise<MemoryStores> {
  const dir = await mkdtemp(join(tmpdir(), 'deckhand-stores-'));
  const database = await openSqlite(':memory:');
  return {
    log: await createEventLog(database, clock),
    sessions: await createSessionList(database),
    artifacts: await createArtifactStore(database, dir),
    async close() {
      await database.close();
      await rm(dir, { recursive: true });
    },
  };
}
