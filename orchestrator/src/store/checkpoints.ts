import type { Database, Doc } from '../platform/documents.ts';
import type { Checkpoints } from '../ports.ts';

type Checkpoint = Doc & { readonly value: string };

export async function createCheckpoints(database: Database): Promise<Checkpoints> {
  const documents = await database.collection<Checkpoint>('checkpoints', []);
  return {
    get: async (name) => (await documents.findOne({ _id: name }))?.value ?? null,
    set: async (name, value) => {
      await documents.updateOne({ _id: name }, { $set: { value } }, { upsert: true });
    },
  };
}
