import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';

/** The pages, as the bundler has left them in a directory. Throws a sentence for an operator when it has not. */
export async function loadRemixBuild(directory: string): Promise<ServerBuild> {
  const entry = `${directory}server/index.js`;
  if (!existsSync(entry)) {
    throw new Error('The console has not been built. Run `npm run build -w console` first.');
  }
  return await import(pathToFileURL(entry).href);
}
