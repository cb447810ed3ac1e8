import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HOME = fileURLToPath(new URL('..', import.meta.url));

/** Builds the pages when there is no build, or one that is older than its sources. */
export async function builtConsole(): Promise<void> {
  const entry = `${HOME}build/server/index.js`;
  const builtAt = existsSync(entry) ? (await stat(entry)).mtimeMs : 0;
  const sources = [`${HOME}vite.config.ts`, `${HOME}package.json`, ...(await filesBelow(`${HOME}app`))];
  const times = await Promise.all(sources.map(async (path) => (await stat(path)).mtimeMs));
  if (Math.max(...times) < builtAt) return;
  // A test runner says `test`, which would put React's development build into the pages.
  const env = { ...process.env, NODE_ENV: 'production' } as const;
  await promisify(execFile)('npm', ['run', 'build'], { cwd: HOME, env });
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile() && !one.name.includes('.test.'))
    .map((one) => `${one.parentPath}/${one.name}`);
}
