import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { Database, Doc, Documents, IndexSpec } from '../platform/documents.ts';

/** An empty MongoDB database, which is dropped when it is closed. */
export async function openScratchMongo(url: string): Promise<Database> {
  const client = await new MongoClient(url, { ignoreUndefined: true }).connect();
  const db = client.db(`deckhand_${randomUUID().slice(0, 8)}`);
  return {
    async collection<T extends Doc>(name: string, indexes: readonly IndexSpec[]) {
      const collection = db.collection(name);
      for (const { fields, unique = false, where } of indexes) {
        const partial = where && { partialFilterExpression: { [where.exists]: { $exists: true } } };
        await collection.createIndex(fields, { unique, ...partial });
      }
      // TypeScript cannot look into T here; `store/driver.test.ts` checks that it fits for shapes that it can look into.
      return collection as unknown as Documents<T>;
    },
    async close() {
      await db.dropDatabase();
      await client.close();
    },
  };
}
