import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { asProcessEnv } from './environment.ts';
import type { Marker } from './marked-processes.ts';

/** Starts the reaper for a marker. What it returns ends it and waits until it is gone. */
export function startReaper(marker: Marker): () => Promise<void> {
  const program = fileURLToPath(new URL('./reaper.ts', import.meta.url));
  const child = spawn(process.execPath, [program, marker.name, marker.value], {
    cwd: '/',
    env: asProcessEnv({}),
    // A session of its own: whoever kills our process group must not take the reaper along.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const exited = once(child, 'exit').catch(() => undefined);
  // Neither the child nor its pipe keeps our process alive.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return async () => {
    child.ref();
    child.stdin.end();
    await exited;
  };
}
