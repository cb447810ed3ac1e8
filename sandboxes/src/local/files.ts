import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SandboxError } from '../errors.ts';

/** Opens a regular file for reading. Throws `sandbox.file_not_found`, also for what leads out of the folder. */
export async function openToRead(folder: string, path: string): Promise<FileHandle> {
  const real = await realPathInside(folder, path);
  // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
  const handle = await openOrThrow(real, path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw notFound(path);
}

/** Opens a file for writing, empty, and makes its parent folders. Throws `sandbox.file_not_found` for what leads out of the folder. */
export async function openToWrite(folder: string, path: string, mode: number): Promise<FileHandle> {
  const parent = dirname(resolve(path));
  await realPathInside(folder, parent);
  await mkdir(parent, { recursive: true });
  const real = await realPathInside(folder, path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;
  const handle = await openOrThrow(real, path, flags, mode);
  await handle.chmod(mode);
  return handle;
}

/** Copies from one open file to another without holding it in memory; closes both. */
export async function copyFile(from: FileHandle, to: FileHandle, signal?: AbortSignal): Promise<void> {
  await pipeline(from.createReadStream(), to.createWriteStream(), { signal: signal ?? neverAborted });
}

/** The path with all links followed, as far as it exists. Throws `sandbox.file_not_found` when that is not below the folder. */
export async function realPathInside(folder: string, path: string): Promise<string> {
  if (!isAbsolute(path) || !isInside(folder, resolve(path))) throw notFound(path);
  const real = await realPathOfExisting(resolve(path));
  if (!isInside(await realpath(folder), real)) throw notFound(path);
  return real;
}

const neverAborted = new AbortController().signal;

async function realPathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw notFound(path, error);
    return join(await realPathOfExisting(dirname(path)), basename(path));
  }
}

async function openOrThrow(real: string, path: string, flags: number, mode?: number): Promise<FileHandle> {
  try {
    // All links were followed before: one that is there now (a dangling one, or one put there since) is refused.
    return await open(real, flags | constants.O_NOFOLLOW, mode);
  } catch (error) {
    throw notFound(path, error);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function notFound(path: string, cause?: unknown): SandboxError {
  return new SandboxError('sandbox.file_not_found', `no file ${path} in the sandbox`, {
    retryable: false,
    cause,
  });
}
