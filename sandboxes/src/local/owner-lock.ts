import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SandboxError } from '../errors.ts';
import { processStartTime } from './host-processes.ts';

const ownerSchema = z.object({ pid: z.number().int().positive(), startTime: z.string() });

/**
 * Takes the folder for this process. Two owners would end each other's processes, so a second one is refused with
 * `sandbox.start_failed`; what a dead owner left is taken over. Returns what gives it back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lockPath = join(folder, 'owner.json');
  const ours = join(folder, `owner-${randomUUID()}.tmp`);
  const startTime = processStartTime(process.pid) ?? 'unknown';
  await writeFile(ours, JSON.stringify({ pid: process.pid, startTime }));
  try {
    for (let tries = 0; tries < 5; tries += 1) {
      if (await tookLock(ours, lockPath)) return () => rm(lockPath, { force: true });
      const owner = await readOwner(lockPath);
      if (owner && isAlive(owner)) throw alreadyOwned(folder, owner.pid);
      await removeStale(lockPath);
    }
  } finally {
    await rm(ours, { force: true });
  }
  throw new SandboxError('sandbox.start_failed', `could not lock ${folder}`, { retryable: true });
}

type Owner = z.infer<typeof ownerSchema>;

/** A hard link comes into being whole or not at all, so nobody reads half a lock. */
async function tookLock(ours: string, lockPath: string): Promise<boolean> {
  try {
    await link(ours, lockPath);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves the lock aside first: when somebody else has taken over in the meantime it is put back. */
async function removeStale(lockPath: string): Promise<void> {
  const aside = `${lockPath}-${randomUUID()}.tmp`;
  try {
    await rename(lockPath, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const owner = await readOwner(aside);
  if (owner && isAlive(owner)) await tookLock(aside, lockPath);
  await rm(aside, { force: true });
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Gone, or written by a machine that lost power: nobody's in both cases.
    return null;
  }
}

function isAlive(owner: Owner): boolean {
  return processStartTime(owner.pid) === owner.startTime;
}

function alreadyOwned(folder: string, pid: number): SandboxError {
  return new SandboxError(
    'sandbox.start_failed',
    `the sandboxes in ${folder} belong to the running process ${pid}; stop it or use another folder`,
    { retryable: false },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
