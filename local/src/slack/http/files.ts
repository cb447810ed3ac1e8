import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { newId } from '../ids.ts';
import { hasScope } from '../manifest.ts';
import { toPageFile } from '../message-shapes.ts';
import type { SlackFile } from '../page-api.ts';
import type { StoredFile } from '../store/model.ts';
import type { Workspace } from '../workspace.ts';
import { HttpRefusal } from './requests.ts';

/** Slack takes 1 GB; a local disk and a demo need less. */
const MAX_FILE_BYTES = 100_000_000;

type Received = { readonly name: string; readonly mimetype: string };
type FormFile = { readonly received: Promise<Received> };

/** Stores a body as the file's bytes: the one file of a multipart form, or the body itself. */
async function receive(request: IncomingMessage, path: string): Promise<Received | null> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    await pipeline(request, createWriteStream(path));
    return null;
  }
  const form = busboy({ headers: request.headers, limits: { files: 1, fileSize: MAX_FILE_BYTES } });
  const files: FormFile[] = [];
  form.on('file', (_field, stream, info) => {
    const received = pipeline(stream, createWriteStream(path)).then(() => {
      if (stream.truncated) throw new HttpRefusal('file too large', { status: 413 });
      return { name: info.filename ?? 'file', mimetype: info.mimeType };
    });
    files.push({ received });
  });
  await pipeline(request, form);
  const [file] = files;
  if (!file) throw new HttpRefusal('no file in the form', { status: 400 });
  return file.received;
}

/** Takes the bytes that an app sends to the URL of files.getUploadURLExternal. */
export async function receiveUpload(
  { store }: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = new URL(request.url ?? '/', 'http://local').pathname.slice('/upload/'.length);
  const file = key === '' ? null : store.files.byUploadKey(key);
  if (!file) throw new HttpRefusal('upload URL unknown or used', { status: 404 });
  await receive(request, store.files.path(file));
  const { size } = await stat(store.files.path(file));
  store.files.put({ ...file, size, uploadKey: null });
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end(`OK - ${size}`);
}

/** Takes a file that a person adds to a message on the page. */
export async function receivePersonFile(
  { store, clock }: Workspace,
  person: string,
  request: IncomingMessage,
): Promise<SlackFile> {
  const file: StoredFile = {
    id: newId('F'),
    name: 'file',
    title: 'file',
    mimetype: 'application/octet-stream',
    size: 0,
    user: person,
    created: clock.now(),
    isComplete: true,
    uploadKey: null,
    shares: [],
  };
  const received = await receive(request, store.files.path(file));
  if (!received) throw new HttpRefusal('a multipart form is needed', { status: 400 });
  const { size } = await stat(store.files.path(file));
  const stored = { ...file, ...received, title: received.name, size };
  store.files.put(stored);
  return toPageFile(stored);
}

/** Only these are shown in the page; anything else could run as a document of this origin. */
const INLINE = /^image\/(png|jpeg|gif|webp)$|^text\/plain/;

/**
 * Gives a file's bytes: to the app with its bot token and files:read, as on Slack, and to the page, which
 * browsers mark by `Sec-Fetch-Site`.
 */
export async function sendFile(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { store } = workspace;
  const url = new URL(request.url ?? '/', 'http://local');
  const hasToken =
    request.headers.authorization === `Bearer ${store.botToken}` &&
    hasScope(workspace.manifest, 'files:read');
  const isPage = ['same-origin', 'none'].includes(String(request.headers['sec-fetch-site']));
  if (!hasToken && !isPage) throw new HttpRefusal('a bot token with files:read is needed', { status: 403 });
  const file = store.files.get(url.pathname.split('/')[2] ?? '');
  if (!file?.isComplete) throw new HttpRefusal('no such file', { status: 404 });
  const isInline = INLINE.test(file.mimetype) && !url.searchParams.has('download');
  response.writeHead(200, {
    'content-type': file.mimetype,
    'content-length': file.size,
    'content-disposition': `${isInline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
  });
  await pipeline(createReadStream(store.files.path(file)), response);
}
