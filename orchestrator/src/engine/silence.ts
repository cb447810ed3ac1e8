import { join } from 'node:path';
import type { Agent, Sandbox, SandboxProvider } from 'sandboxes';

/** How long an agent may go on after it was told to stop, in milliseconds; the agent contract promises to be faster. */
const SILENCE_LIMIT_MS = 15_000;

/** An agent that was told to stop went on. */
class StillBusy extends Error {}

/** What `work` comes to; once the signal has aborted it is waited for no longer than an agent may take to fall silent. */
export async function untilSilent<T>(
  work: Promise<T>,
  signal: AbortSignal,
  limitMs = SILENCE_LIMIT_MS,
): Promise<T> {
  // Nobody waits for it any more once the limit has passed: it must not become an unhandled rejection.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  let arm = () => {};
  const passed = new Promise<never>((_resolve, reject) => {
    arm = () => {
      timer = setTimeout(() => reject(new StillBusy(`no silence after ${limitMs} ms`)), limitMs);
    };
  });
  if (signal.aborted) arm();
  else signal.addEventListener('abort', arm, { once: true });
  try {
    return await Promise.race([work, passed]);
  } finally {
    signal.removeEventListener('abort', arm);
    clearTimeout(timer);
  }
}

/**
 * Ends everything that runs in the sandbox: the agent with what it started, and where something remains, all of it.
 * Afterwards commands can be run in it again.
 */
export async function silence(
  provider: Pick<SandboxProvider, 'capabilities'>,
  { sandbox, agent }: { readonly sandbox: Sandbox; readonly agent: Agent | null },
): Promise<void> {
  // An agent that cannot be closed is ended with all the rest.
  await agent?.close().catch(() => undefined);
  await sandbox.start();
  const isQuiet = (await sandbox.processes()).length === 0;
  // Where files do not outlive a stop, the work counts for more than a process that is left.
  if (!isQuiet && provider.capabilities.stop) {
    await sandbox.stop();
    await sandbox.start();
  }
  await removeStaleLock(sandbox);
}

/** Git that was killed in the middle leaves a lock behind, and would refuse to keep the work because of it. */
export async function removeStaleLock(sandbox: Sandbox): Promise<void> {
  await sandbox.exec(['rm', '-f', join(sandbox.paths.workspace, '.git', 'index.lock')]);
}
