import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({
  id: z.string(),
  labels: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()),
  createdAt: z.number(),
});

/** What is kept of a sandbox beside its files. */
export type SandboxRecord = z.infer<typeof recordSchema>;

const recordName = 'sandbox.json';

export function newSandboxId(): string {
  return `sbx_${randomBytes(10).toString('hex')}`;
}

/** Whether a text from outside can be the id of a local sandbox. It becomes part of a path. */
export function isSandboxId(text: string): boolean {
  return /^sbx_[0-9a-f]{20}$/.test(text);
}

/** Written last when a sandbox is made: a folder without a record is a sandbox that never came to be. */
export async function writeRecord(base: string, record: SandboxRecord): Promise<void> {
  const unfinished = join(base, `${recordName}.tmp`);
  await writeFile(unfinished, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(unfinished, join(base, recordName));
}

/** Null when there is none. A record that cannot be read is an error, never an absence. */
export async function readRecord(base: string): Promise<SandboxRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(base, recordName), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
