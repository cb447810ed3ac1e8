import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createGit, type Git } from './git.ts';
import type { GitHost } from './server.ts';

export type SeedInput = {
  readonly owner: string;
  readonly name: string;
  /** The folder whose files become the first commit; what its `.gitignore` names is left out. */
  readonly sourceDir: string;
  readonly description?: string;
  readonly message?: string;
};

const author = { name: 'Ana', email: 'ana@localhost' };
const branches = z.array(z.unknown());

/**
 * Puts a repository with one commit on the host, unless it is there already. Safe to call at every start, also after
 * one that was interrupted.
 */
export async function seedRepository(host: Pick<GitHost, 'url' | 'token'>, input: SeedInput): Promise<void> {
  const name = `${input.owner}/${input.name}`;
  const { description = '' } = input;
  const made = await call(host, 'repositories', { name, description, defaultBranch: 'main' });
  if (!made.ok && made.status !== 409) {
    throw new Error(`the git host did not make ${name}: ${made.status} ${await made.text()}`);
  }
  const known = await call(host, `repositories/${name}/branches`);
  if (branches.parse(await known.json()).length > 0) return;
  const git = createGit();
  const scratch = await mkdtemp(join(tmpdir(), 'deckhand-seed-'));
  try {
    await pushFolder(git, { ...input, url: `${host.url}/${name}.git`, token: host.token, scratch });
  } finally {
    await git.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

type Push = SeedInput & { readonly url: string; readonly token: string; readonly scratch: string };

async function pushFolder(git: Git, { url, token, scratch, sourceDir, message }: Push): Promise<void> {
  const here = [`--git-dir=${scratch}`, `--work-tree=${sourceDir}`];
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  await git.run(['init', '--quiet', '--template=', '--initial-branch=main', '--bare', scratch]);
  await git.run([...here, 'add', '--all', '.'], { cwd: sourceDir });
  await git.run([...here, 'commit', '--quiet', '--message', message ?? 'feat: first version'], { env });
  await git.run([...here, 'push', '--quiet', url, 'main'], { env: authorization(token) });
}

// By the environment and not by an argument: arguments are visible to every process of the machine.
function authorization(token: string): Record<string, string> {
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${token}`,
  };
}

function call(host: Pick<GitHost, 'url' | 'token'>, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return fetch(`${host.url}/api/${path}`, { headers, ...post });
}
