import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
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

type Files = Readonly<Record<string, string | Buffer>>;

/** A work copy on disk, driven by the real git client. */
export type WorkCopy = {
  git(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Points a branch at the current commit, commits the files on it and pushes it. Answers with the new commit. */
  push(branch: string, files: Files, message?: string): Promise<string>;
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
  return workCopyAt(path, git);
}

function workCopyAt(path: string, git: Git): WorkCopy {
  const inside: WorkCopy['git'] = (args, options) => git.text(['-C', path, ...identity, ...args], options);
  const write = async (files: Files) => {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    }
  };
  return {
    git: inside,
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

type Template = { readonly bare: string; readonly work: string; readonly headSha: string };
let template: Promise<Template> | null = null;

/** `main` with one commit and `deckhand/fix` with one more, made once for all tests of a file and then copied. */
async function makeTemplate(): Promise<Template> {
  const folder = await mkdtemp(join(tmpdir(), 'git-host-template-'));
  const [bare, work] = [join(folder, 'web.git'), join(folder, 'work')];
  const git = createGit();
  await git.run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', bare]);
  await git.run(['clone', '--quiet', bare, work]);
  const copy = workCopyAt(work, git);
  await copy.push(
    'main',
    { 'README.md': '# Shop\n', 'src/cart.js': 'one\ntwo\nthree\n' },
    'feat: first version',
  );
  const headSha = await copy.push('deckhand/fix', { 'src/cart.js': 'one\n2\nthree\n' }, 'fix: two');
  await copy.git(['checkout', '--quiet', 'main']);
  await writeFile(join(bare, 'description'), 'A shop\n');
  return { bare, work, headSha };
}

afterAll(async () => {
  const made = await template;
  if (made) await rm(dirname(made.bare), { recursive: true, force: true });
  template = null;
});

/** A host with `acme/web`, which has `main` and `deckhand/fix`, and a work copy that stands on `main`. */
export async function startWithRepository(options: Partial<GitHostOptions> = {}) {
  template ??= makeTemplate();
  const { bare, work, headSha } = await template;
  const dataDir = options.dataDir ?? (await scratchFolder());
  const path = join(await scratchFolder(), 'work');
  await cp(bare, join(dataDir, 'repositories', 'acme', 'web.git'), { recursive: true });
  await cp(work, path, { recursive: true });
  const host = await startHost({ ...options, dataDir });
  const copy = workCopyAt(path, testGit());
  await copy.git(['remote', 'set-url', 'origin', cloneUrl(host, 'acme/web')]);
  return { host, copy, headSha };
}

/** The same with a pull request of the branch `deckhand/fix`, on which the work copy stands. */
export async function startWithPullRequest(options: Partial<GitHostOptions> = {}) {
  const { host, copy, headSha } = await startWithRepository(options);
  await copy.git(['checkout', '--quiet', 'deckhand/fix']);
  const input = { title: 'Fix two', body: 'Because **two**.', head: 'deckhand/fix', base: 'main' };
  const opened = await api(host, 'repositories/acme/web/pulls', input);
  return { host, copy, headSha, opened, pull: 'repositories/acme/web/pulls/1' };
}
