import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError } from '../errors.ts';
import { type HostProcess, listHostProcesses } from './host-processes.ts';

/**
 * A variable that a process and all its descendants carry in their environment, whatever group or session they
 * moved to. With `isPrefix` every value that begins so is meant.
 */
export type Marker = { readonly name: string; readonly value: string; readonly isPrefix?: boolean };

/** The processes that carry the marker, and their descendants even where those dropped it. */
export function findMarked(marker: Marker): readonly HostProcess[] {
  const needle = `\0${marker.name}=${marker.value}${marker.isPrefix ? '' : '\0'}`;
  const all = listHostProcesses().filter((candidate) => candidate.pid !== process.pid);
  const found = new Map<number, HostProcess>();
  for (const candidate of all)
    if (candidate.environment.includes(needle)) found.set(candidate.pid, candidate);
  for (let grew = found.size > 0; grew; ) {
    const before = found.size;
    for (const candidate of all) if (found.has(candidate.parentPid)) found.set(candidate.pid, candidate);
    grew = found.size > before;
  }
  return [...found.values()];
}

/**
 * Kills all that carry the marker and returns when none is left.
 * Throws `sandbox.exec_failed` when some cannot be killed within ten seconds.
 */
export async function killMarked(marker: Marker): Promise<void> {
  const deadline = performance.now() + 10_000;
  // A process may fork and end between our look at the list and our look at it: one empty look proves nothing.
  for (let emptyLooks = 0; emptyLooks < 2; ) {
    const found = findMarked(marker);
    emptyLooks = found.length === 0 ? emptyLooks + 1 : 0;
    for (const { pid } of found) killQuietly(pid);
    if (found.length > 0) await delay(10);
    if (performance.now() > deadline) throw cannotKill(found);
  }
}

/** Sends SIGKILL to a process, or to a group when the number is negative. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already, which is what we want.
  }
}

function cannotKill(survivors: readonly HostProcess[]): SandboxError {
  const names = survivors.map(({ pid, command }) => `${pid} ${command}`).join(', ');
  return new SandboxError('sandbox.exec_failed', `these processes survive being killed: ${names}`, {
    retryable: true,
  });
}
