import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AccessToken } from './access-token.ts';
import { type Git, signalGroup } from './git.ts';
import type { Repositories, Repository } from './repositories.ts';

/** Answers git's own requests. Returns false when the URL is not one of git's. */
export type SmartHttp = (request: IncomingMessage, response: ServerResponse) => boolean;

type Parts = {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly root: string;
  readonly token: AccessToken;
  /** Called after a push, before its answer ends: when git returns, the pull requests are up to date. */
  readonly onPush: (repository: Repository) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

type GitRequest = { readonly name: string; readonly service: string; readonly query: string };

// The three URLs of the smart protocol. Everything else of http-backend, such as plain object files, stays shut.
const gitUrl = /^\/([^/?]+\/[^/?]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)(?:\?(.*))?$/;

const maxHeaderBytes = 64 * 1024;

/** Serves the repositories by `git http-backend`, streaming in both directions. */
export function createSmartHttp(parts: Parts): SmartHttp {
  return (request, response) => {
    const match = gitUrl.exec(request.url ?? '');
    if (!match) return false;
    const [, name = '', service = '', query = ''] = match;
    answer(parts, { name, service, query }, { request, response }).catch((error: unknown) => {
      response.destroy();
      parts.onError(error);
    });
    return true;
  };
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

async function answer(parts: Parts, asked: GitRequest, { request, response }: Exchange): Promise<void> {
  if (!parts.token.allows(request.headers.authorization)) {
    response
      .writeHead(401, { 'www-authenticate': 'Basic realm="Deckhand git host"' })
      .end('a token is needed\n');
    return;
  }
  const repository = await parts.repositories.find(asked.name);
  if (!repository) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('no such repository\n');
    return;
  }
  const program = await backendOf(parts.git);
  const child = parts.git.start(program, [], { env: cgiEnvironment(parts.root, asked, request) });
  response.once('close', () => signalGroup(child, 'SIGTERM'));
  const isPush = asked.service === 'git-receive-pack';
  await exchange(child, { request, response }, () => (isPush ? parts.onPush(repository) : Promise.resolve()));
}

const backends = new WeakMap<Git, Promise<string>>();

function backendOf(git: Git): Promise<string> {
  const known = backends.get(git) ?? git.text(['--exec-path']).then((folder) => `${folder}/git-http-backend`);
  backends.set(git, known);
  return known;
}

function cgiEnvironment(root: string, { name, service, query }: GitRequest, request: IncomingMessage) {
  const { headers } = request;
  return {
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${name}.git/${service}`,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: headers['content-type'] ?? '',
    REMOTE_USER: 'deckhand',
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    // With an empty CONTENT_LENGTH the backend reads nothing; without one it reads to the end, as a chunked body needs.
    ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    ...(headers['content-encoding'] === undefined
      ? {}
      : { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
    ...(typeof headers['git-protocol'] === 'string' ? { GIT_PROTOCOL: headers['git-protocol'] } : {}),
  };
}

async function exchange(child: ChildProcess, { request, response }: Exchange, atEnd: () => Promise<void>) {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('git http-backend was started without pipes');
  stderr.resume();
  const closed = once(child, 'close');
  // A refused push ends git before the body does: the broken pipe is part of that answer.
  const sent = pipeline(request, stdin).catch(() => undefined);
  await readHead(stdout, response);
  await pipeline(stdout, response, { end: false });
  await closed;
  await atEnd();
  response.end();
  await sent;
}

/** Reads the CGI header lines, writes them as the head of the answer and puts the rest back. */
async function readHead(stdout: Readable, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = stdout.read() ?? (await nextChunk(stdout));
    if (!Buffer.isBuffer(chunk)) throw new Error('git http-backend ended without an answer');
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) {
      if (end + 4 < head.length) stdout.unshift(head.subarray(end + 4));
      writeHead(head.subarray(0, end).toString('latin1'), response);
      return;
    }
    if (head.length > maxHeaderBytes) throw new Error('git http-backend sent no end of its header lines');
  }
}

async function nextChunk(stdout: Readable): Promise<unknown> {
  if (stdout.readableEnded) return null;
  await Promise.race([once(stdout, 'readable'), once(stdout, 'end')]);
  return stdout.read();
}

function writeHead(head: string, response: ServerResponse): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
