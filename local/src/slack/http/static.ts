import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpRefusal } from './requests.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** Serves the built page; a path without a file is a view of the page, so it gets index.html. */
export async function serveStatic(
  pageDir: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new HttpRefusal('method not allowed', { status: 405 });
  const path = decodePath(new URL(request.url ?? '/', 'http://local').pathname);
  const wanted = normalize(join(pageDir, path));
  const isInside = wanted.startsWith(normalize(pageDir + sep));
  const asset = isInside && (await isFile(wanted)) ? wanted : null;
  if (!asset && extname(path) !== '') throw new HttpRefusal('not found', { status: 404 });
  const file = asset ?? join(pageDir, 'index.html');
  if (!asset && !(await isFile(file))) throw new HttpRefusal('the page is not built', { status: 404 });
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    // Built assets carry a hash in their name; index.html must always be asked for again.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new HttpRefusal('bad path', { status: 400, cause });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
