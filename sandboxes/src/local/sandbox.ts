import { execFile } from 'node:child_process';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SandboxError } from '../errors.ts';
import type { ExecOptions, Sandbox, SandboxState } from '../provider.ts';
import { type CommandPlace, runCommand, startService } from './command.ts';
import { localPaths, makeFolders, sandboxEnvironment } from './environment.ts';
import { loopbackFetch } from './fetch.ts';
import { copyFile, openToRead, openToWrite, realPathInside } from './files.ts';
import { freeLoopbackPort } from './free-port.ts';
import { findMarked, killMarked, type Marker } from './marked-processes.ts';
import type { SandboxRecord } from './record.ts';

export type LocalSandboxDeps = {
  readonly root: string;
  readonly path: string;
  /** Carried by everything that this provider starts. */
  readonly providerMarker: Marker;
  readonly onDeleted: (id: string) => void;
};

/** The name of a sandbox's folder while it is removed: what a crash leaves of it is found by this. */
export const deletedPrefix = 'deleted-';

/** One sandbox over its folder. It begins stopped. */
export function createLocalSandbox(record: SandboxRecord, deps: LocalSandboxDeps): Sandbox {
  const { base, ...paths } = localPaths(deps.root, record.id);
  const marker: Marker = { name: 'DECKHAND_SANDBOX', value: record.id };
  let state: SandboxState | 'deleted' = 'stopped';

  const place = async (options: Pick<ExecOptions, 'cwd' | 'env'>): Promise<CommandPlace> => {
    assertStarted(record.id, state);
    const env = {
      ...sandboxEnvironment({ base, ...paths }, deps.path),
      ...record.env,
      ...options.env,
      [deps.providerMarker.name]: deps.providerMarker.value,
      [marker.name]: marker.value,
    };
    const cwd = await realPathInside(base, options.cwd ?? paths.workspace);
    // Asked again: whoever stopped it in the meantime has looked for processes already.
    assertStarted(record.id, state);
    return { cwd, env };
  };

  return {
    id: record.id,
    labels: record.labels,
    paths,
    state: () => (state === 'started' ? 'started' : 'stopped'),
    async start() {
      if (state === 'deleted') throw gone(record.id);
      await makeFolders({ base, ...paths });
      state = 'started';
    },
    async stop() {
      if (state === 'started') state = 'stopped';
      await killMarked(marker);
    },
    async delete() {
      state = 'deleted';
      await killMarked(marker);
      await removeFolder(base, record.id);
      deps.onDeleted(record.id);
    },
    exec: async (argv, options = {}) => runCommand(argv, await place(options), options),
    serve: async (argv, options = {}) => startService(argv, await place(options)),
    async writeFile(path, data, mode = 0o644) {
      await using file = await openToWrite(base, path, mode);
      await file.writeFile(data);
    },
    async readFile(path) {
      await using file = await openToRead(base, path);
      return new Uint8Array(await file.readFile());
    },
    async upload(hostPath, path, signal) {
      await copyFile(await open(hostPath), await openToWrite(base, path, 0o644), signal);
    },
    async download(path, hostPath, signal) {
      await copyFile(await openToRead(base, path), await open(hostPath, 'w'), signal);
    },
    freePort: freeLoopbackPort,
    fetch: loopbackFetch,
    processes: async () => findMarked(marker).map(({ pid, command }) => ({ pid, command })),
  };
}

function assertStarted(id: string, state: SandboxState | 'deleted'): void {
  if (state === 'deleted') throw gone(id);
  if (state === 'stopped') {
    throw new SandboxError('sandbox.exec_failed', `sandbox ${id} is stopped`, { retryable: false });
  }
}

function gone(id: string): SandboxError {
  return new SandboxError('sandbox.gone', `sandbox ${id} was deleted`, { retryable: false });
}

/** Moves the folder aside first, so that a crash in the middle leaves no half sandbox under a live id. */
async function removeFolder(base: string, id: string): Promise<void> {
  const aside = join(dirname(base), `${deletedPrefix}${id}`);
  try {
    await rename(base, aside);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await removeStubborn(aside);
}

/** Removes a folder even where a build left write-protected folders in it, as Go's module cache does. */
export async function removeStubborn(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await promisify(execFile)('chmod', ['-R', 'u+rwX', folder]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
