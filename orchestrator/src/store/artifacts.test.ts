import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeArtifactStoreContract } from '../testing/artifact-store-contract.ts';
import { createArtifactStore } from './artifacts.ts';
import { openSqlite } from './sqlite.ts';

async function makeStore() {
  const dir = await mkdtemp(join(tmpdir(), 'deckhand-artifacts-'));
  const database = await openSqlite(':memory:');
  return {
    dir,
    artifacts: await createArtifactStore(database, join(dir, 'artifacts')),
    async close() {
      await database.close();
      await rm(dir, { recursive: true });
    },
  };
}

describeArtifactStoreContract('files', makeStore);

describe('the files of the artifact store', () => {
  it('stay in their folder whatever an artifact is named, with nothing half-written beside them', async () => {
    const { dir, artifacts, close } = await makeStore();
    await artifacts.put(
      { artifactId: 'art_01K0XZ', sessionId: 'ses_A', name: '../../x', mime: 'text/plain' },
      Buffer.from('x'),
    );
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    expect(files.map((file) => join(file.parentPath, file.name))).toEqual([
      join(dir, 'artifacts', 'xz', 'art_01K0XZ'),
    ]);
    await close();
  });
});
