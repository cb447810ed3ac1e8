import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { keptAccessToken } from './access-token.ts';
import { createApi } from './api.ts';
import { createGit } from './git.ts';
import { refuseForeign } from './guard.ts';
import { createHost, type Host } from './host.ts';
import { createPages } from './pages/pages.ts';
import { openPullRequestStore } from './pull-request-store.ts';
import { createRepositories } from './repositories.ts';
import { createSmartHttp } from './smart-http.ts';

/** A running git host: the stand-in for GitHub on one machine. */
export type GitHost = {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Opens everything: fetch, push and the API. For the orchestrator, never for a sandbox. */
  readonly token: string;
  /** Ends all connections and every git that still runs. A second call waits for the first. */
  close(): Promise<void>;
};

export type GitHostOptions = {
  /** Holds everything: `repositories/`, `git-host.sqlite`, `token`. Made when it is not there. */
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** With it, the pages open only to who came by `<url>/?token=<pagesToken>` once. */
  readonly pagesToken?: string;
  /** Where pictures in a description may come from, beside this host: the console's origin. */
  readonly imageOrigins?: readonly string[];
  /** Hears of bugs; the host answers 500 and goes on. */
  readonly onError?: (error: unknown) => void;
};

/** Starts the git host on 127.0.0.1. Needs git 2.38 or later. */
export async function createGitHost(options: GitHostOptions): Promise<GitHost> {
  const root = join(options.dataDir, 'repositories');
  await mkdir(root, { recursive: true });
  const token = await keptAccessToken(options.dataDir);
  const git = createGit();
  const repositories = createRepositories({ git, root });
  const store = openPullRequestStore(join(options.dataDir, 'git-host.sqlite'));
  const closing = new AbortController();
  let port = options.port;
  const url = () => `http://127.0.0.1:${port}`;
  const host = createHost({ git, token, repositories, store, closing: closing.signal, url });
  const server = listenerFor({ host, root, options, port: () => port });
  try {
    port = await listen(server, options.port);
  } catch (error) {
    store.close();
    throw error;
  }
  for (const repository of await repositories.list()) await host.pullRequests.sync(repository);
  const closeAll = async () => {
    closing.abort();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await git.close();
    await ended;
    store.close();
  };
  let closed: Promise<void> | null = null;
  return {
    url: url(),
    token: token.value,
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

// For forms and the API; a push never comes here.
const maxBodyBytes = 2 * 1024 * 1024;

function listenerFor(input: {
  host: Host;
  root: string;
  options: GitHostOptions;
  port: () => number;
}): Server {
  const { host, root, options, port } = input;
  const onError = (error: unknown) => {
    // What breaks because the host closes is no bug.
    if (!host.closing.aborted) options.onError?.(error);
  };
  const { git, repositories, token } = host;
  const onPush = host.pullRequests.sync;
  const smartHttp = createSmartHttp({ git, repositories, root, token, onPush, onError });
  const app = new Hono();
  app.use(refuseForeign(port));
  app.use(bodyLimit({ maxSize: maxBodyBytes }));
  app.route('/api', createApi(host));
  app.route('/', createPages(host, options));
  app.onError((error, context) => {
    onError(error);
    return context.text('Something broke in the git host.\n', 500);
  });
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => {
    if (!smartHttp(request, response)) void listener(request, response);
  });
  // A large push may take longer than the five minutes that Node gives a request.
  server.requestTimeout = 0;
  return server;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
