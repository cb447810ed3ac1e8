import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createGit, type Git, type GitOptions } from '../git.ts';
import { createGitHost, type GitHost, type GitHostOptions } from '../server.ts';

/** An empty folder that goes away with the test. */
export async function scratchFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'git-host-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A host on a free port. A bug inside it fails the test. */
export async function startHost(options: Partial<GitHostOptions> = {}): Promise<GitHost> {
  const bugs: unknown[] = [];
  const dataDir = options.dataDir ?? (await scratchFolder());
  const host = await createGitHost({ port: 0, onError: (error) => bugs.push(error), ...options, dataDir });
  onTestFinished(async () => {
    await host.close();
    if (bugs.length > 0) throw bugs[0];
  });
  return host;
}

/** Asks the API; `body` makes it a POST. */
export async function api(host: GitHost, path: string, body?: unknown, method?: string) {
  const response = await fetch(`${host.url}/api/${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${host.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** A work copy on disk, driven by the real git client. */
export type WorkCopy = {
  readonly path: string;
  git(args: readonly string[], options?: GitOptions): Promise<string>;
  write(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  /** Commits everything on a branch, from where that branch or else the current commit is, and pushes it. */
  push(branch: string, files: Readonly<Record<string, string | Buffer>>, message?: string): Promise<string>;
};

/** The URL of a repository with a password in it. */
export function cloneUrl(host: GitHost, name: string, token = host.token): string {
  return `${host.url.replace('http://', `http://x:${token}@`)}/${name}.git`;
}

/** A git that ends with the test. */
export function testGit(): Git {
  const git = createGit();
  onTestFinished(() => git.close());
  return git;
}

/** Clones a repository of the host. */
export async function workCopy(host: GitHost, name: string): Promise<WorkCopy> {
  const path = join(await scratchFolder(), 'work');
  const git = testGit();
  await git.run(['clone', '--quiet', cloneUrl(host, name), path]);
  const inside: WorkCopy['git'] = (args, options) => git.text(['-C', path, ...identity, ...args], options);
  const write: WorkCopy['write'] = async (files) => {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    }
  };
  return {
    path,
    git: inside,
    write,
    async push(branch, files, message = 'change') {
      await inside(['checkout', '--quiet', '-B', branch]);
      await write(files);
      await inside(['add', '--all']);
      await inside(['commit', '--quiet', '--message', message]);
      await inside(['push', '--quiet', '--force', 'origin', branch]);
      return inside(['rev-parse', 'HEAD']);
    },
  };
}

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];

/** A host with `acme/web` and one commit on main, and a work copy of it. */
export async function startWithRepository(options: Partial<GitHostOptions> = {}) {
  const host = await startHost(options);
  await api(host, 'repositories', { name: 'acme/web', description: 'A shop' });
  const copy = await workCopy(host, 'acme/web');
  await copy.push(
    'main',
    { 'README.md': '# Shop\n', 'src/cart.js': 'one\ntwo\nthree\n' },
    'feat: first version',
  );
  return { host, copy };
}

/** The same with a pull request of the branch `deckhand/fix`. */
export async function startWithPullRequest(options: Partial<GitHostOptions> = {}) {
  const { host, copy } = await startWithRepository(options);
  const headSha = await copy.push('deckhand/fix', { 'src/cart.js': 'one\n2\nthree\n' }, 'fix: two');
  const input = { title: 'Fix two', body: 'Because **two**.', head: 'deckhand/fix', base: 'main' };
  const opened = await api(host, 'repositories/acme/web/pulls', input);
  return { host, copy, headSha, opened, pull: 'repositories/acme/web/pulls/1' };
}
