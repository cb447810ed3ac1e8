import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxError, type SandboxErrorCode } from './errors.ts';
import { defaultPath, localPaths, makeFolders } from './local/environment.ts';
import { hasProcFs } from './local/host-processes.ts';
import { killMarked, type Marker } from './local/marked-processes.ts';
import { lockFolder } from './local/owner-lock.ts';
import { isSandboxId, newSandboxId, readRecord, writeRecord } from './local/record.ts';
import { createLocalSandbox, deletedPrefix, type LocalSandboxDeps, removeStubborn } from './local/sandbox.ts';
import { startReaper } from './local/start-reaper.ts';
import type { ProbeResult, Sandbox, SandboxInfo, SandboxLabels, SandboxProvider } from './provider.ts';

export type LocalProviderOptions = {
  /** The folder that holds the sandboxes. It belongs to one process at a time. */
  readonly root: string;
  /** Where programs are looked for inside. Default: ripgrep's folder, that of the Node which runs us, the system's. */
  readonly path?: string;
  readonly log?: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

/**
 * Sandboxes as folders and plain processes of this machine: for development and tests. Processes get a home and an
 * environment of their own and are ended whole, but nothing keeps them from reading what our user may read.
 * Throws `sandbox.start_failed` when another living process owns the folder.
 */
export async function createLocalProvider(options: LocalProviderOptions): Promise<SandboxProvider> {
  await mkdir(options.root, { recursive: true, mode: 0o700 });
  const root = await realpath(options.root);
  const unlock = await lockFolder(root);
  const folderKey = createHash('sha256').update(root).digest('hex').slice(0, 16);
  // The second half tells this life of the provider from the next: a reaper that is still at work must not end what its successor starts.
  const marker: Marker = { name: 'DECKHAND_PROVIDER', value: `${folderKey}.${randomUUID()}` };
  await sweep(root, { name: marker.name, value: `${folderKey}.`, isPrefix: true });
  const endReaper = startReaper(marker);
  options.log?.({ root, isolation: 'none' }, 'local sandbox provider opened');

  const known = new Map<string, Sandbox>();
  const deps: LocalSandboxDeps = {
    root,
    path: options.path ?? defaultPath(),
    providerMarker: marker,
    onDeleted: (id) => known.delete(id),
  };
  const close = async () => {
    await Promise.all([...known.values()].map((sandbox) => sandbox.stop()));
    await killMarked(marker);
    await endReaper();
    await unlock();
  };
  return {
    id: 'local',
    capabilities: { stop: true, snapshot: false, isolation: 'none' },
    probe: () => probe(root),
    create: (spec, signal) => create({ spec, signal, deps, known }),
    get: (id) => find(id, deps, known),
    list: (labels) => list(labels, deps, known),
    close: once(close),
  };
}

async function probe(root: string): Promise<ProbeResult> {
  const folder = await stat(root).catch(() => null);
  if (!folder?.isDirectory()) {
    return {
      ok: false,
      reason: `${root} is no folder`,
      fix: 'make it, or name another folder for sandboxes',
    };
  }
  const watch = hasProcFs ? 'all processes are tracked' : 'processes are tracked with ps';
  return { ok: true, detail: `folders and plain processes in ${root}, no isolation; ${watch}` };
}

type Known = Map<string, Sandbox>;
type Creation = {
  readonly spec: Parameters<SandboxProvider['create']>[0];
  readonly signal: AbortSignal | undefined;
  readonly deps: LocalSandboxDeps;
  readonly known: Known;
};

async function create({ spec, signal, deps, known }: Creation): Promise<Sandbox> {
  signal?.throwIfAborted();
  const record = {
    id: newSandboxId(),
    labels: { ...spec.labels },
    env: { ...spec.env },
    createdAt: Date.now(),
  };
  const paths = localPaths(deps.root, record.id);
  try {
    await makeFolders(paths);
    await writeRecord(paths.base, record);
  } catch (cause) {
    throw failure('sandbox.start_failed', `could not make ${paths.base}`, cause);
  }
  const sandbox = createLocalSandbox(record, deps);
  known.set(record.id, sandbox);
  await sandbox.start();
  return sandbox;
}

async function find(id: string, deps: LocalSandboxDeps, known: Known): Promise<Sandbox | null> {
  if (!isSandboxId(id)) return null;
  const record = known.has(id) ? null : await readOrUnreachable(id, deps.root);
  // Asked again after the wait: two callers at once must get the same object, or each would have a state of its own.
  const present = known.get(id);
  if (present || !record) return present ?? null;
  const sandbox = createLocalSandbox(record, deps);
  known.set(id, sandbox);
  return sandbox;
}

async function readOrUnreachable(id: string, root: string) {
  try {
    return await readRecord(localPaths(root, id).base);
  } catch (cause) {
    throw failure('sandbox.unreachable', `the record of sandbox ${id} cannot be read`, cause);
  }
}

async function* list(
  labels: SandboxLabels,
  deps: LocalSandboxDeps,
  known: Known,
): AsyncIterable<SandboxInfo> {
  for (const id of await readdir(deps.root)) {
    const sandbox = await find(id, deps, known);
    if (!sandbox || !carriesAll(sandbox.labels, labels)) continue;
    yield { id, labels: sandbox.labels, state: sandbox.state() };
  }
}

function carriesAll(labels: SandboxLabels, wanted: SandboxLabels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Ends what a former owner of the folder left running and removes what it left half made or half deleted. */
async function sweep(root: string, marker: Marker): Promise<void> {
  await killMarked(marker);
  for (const name of await readdir(root)) {
    const isHalfMade = isSandboxId(name) && !(await stat(join(root, name, 'sandbox.json')).catch(() => null));
    if (isHalfMade || name.startsWith(deletedPrefix)) await removeStubborn(join(root, name));
  }
}

function failure(code: SandboxErrorCode, message: string, cause: unknown): SandboxError {
  return new SandboxError(code, message, { retryable: true, cause });
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
