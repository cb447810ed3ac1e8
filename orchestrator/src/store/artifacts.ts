import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ArtifactId, artifactIdSchema, sessionIdSchema } from '../domain/index.ts';
import { type Database, type Doc, isDuplicateKey } from '../platform/documents.ts';
import type { ArtifactMeta, ArtifactStore } from '../ports.ts';

/** The largest artifact: 20 MB. A screenshot or a patch is far below; what is more belongs in the repository. */
const ARTIFACT_LIMIT_BYTES = 20_000_000;

const metaSchema = z.object({
  artifactId: artifactIdSchema,
  sessionId: sessionIdSchema,
  name: z.string().max(255),
  mime: z.string().max(100),
  size: z.number().int().nonnegative(),
});

/**
 * Bytes as files in a folder of ours, what they are as documents. A file is there, whole and on the disk, before its
 * document is. Putting the same artifact again changes nothing and answers with what is kept.
 */
export async function createArtifactStore(database: Database, dir: string): Promise<ArtifactStore> {
  const artifacts = await database.collection<Doc & ArtifactMeta>('artifacts', [
    { fields: { sessionId: 1, _id: 1 } },
  ]);
  async function metaOf(artifactId: ArtifactId): Promise<ArtifactMeta | null> {
    const doc = await artifacts.findOne({ _id: artifactId });
    return doc && metaSchema.parse(doc);
  }
  return {
    async put(described, bytes) {
      if (bytes.byteLength > ARTIFACT_LIMIT_BYTES)
        throw new RangeError(
          `an artifact has ${ARTIFACT_LIMIT_BYTES} bytes at most, not ${bytes.byteLength}`,
        );
      const meta = metaSchema.parse({ ...described, size: bytes.byteLength });
      const known = await metaOf(meta.artifactId);
      if (known) return known;
      await writeWhole(pathOf(dir, meta.artifactId), bytes);
      try {
        await artifacts.insertOne({ _id: meta.artifactId, ...meta });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return meta;
    },
    async get(artifactId) {
      // The id comes out of a URL and becomes a path.
      if (!artifactIdSchema.safeParse(artifactId).success) return null;
      const meta = await metaOf(artifactId);
      return meta && { meta, bytes: await readFile(pathOf(dir, artifactId)) };
    },
  };
}

function pathOf(dir: string, artifactId: ArtifactId): string {
  const name = artifactId.slice('art_'.length);
  // The end of an id is its random part: its beginning is the time, which would put all of a month in one folder.
  return join(dir, name.slice(-2).toLowerCase(), artifactId);
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
