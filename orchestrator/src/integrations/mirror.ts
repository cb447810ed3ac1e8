import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UpstreamError } from '../domain/index.ts';
import { createTurnstile } from '../platform/turnstile.ts';
import type { CodeHost, Mirror } from '../ports.ts';
import { git, gitOrFail } from './git-command.ts';

/** `owner/name`, of what a folder may safely be called. */
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Bare mirrors of the repositories on the host. Only here does git meet the code host's credential; a sandbox gets and
 * gives bundles, so that no token is ever inside it.
 */
export function createMirror(options: { readonly dir: string; readonly codeHost: CodeHost }): Mirror {
  const { codeHost } = options;
  // One git at a time for a repository: two fetches into one mirror fight for its locks.
  const inTurn = createTurnstile();

  async function mirrorOf(repository: string): Promise<string> {
    if (!REPOSITORY.test(repository))
      throw new UpstreamError('code_host.not_found', `not a repository name: ${repository}`);
    const dir = join(options.dir, `${repository}.git`);
    const exists = await stat(join(dir, 'HEAD')).then(
      () => true,
      () => false,
    );
    if (!exists) {
      await mkdir(dir, { recursive: true });
      await gitOrFail('local', ['init', '--bare', '--quiet', dir]);
    }
    return dir;
  }

  async function fetch(dir: string, repository: string, signal: AbortSignal | undefined): Promise<void> {
    const { url, authorization } = await codeHost.remote(repository, signal);
    await gitOrFail(
      'remote',
      ['-C', dir, 'fetch', '--prune', '--no-tags', '--quiet', url, '+refs/heads/*:refs/heads/*'],
      { authorization, signal },
    );
  }

  const bundle: Mirror['bundle'] = (want, signal) =>
    inTurn(want.repository, async () => {
      const dir = await mirrorOf(want.repository);
      await fetch(dir, want.repository, signal);
      const base = await shaOf(dir, want.base);
      if (!base)
        throw new UpstreamError('code_host.not_found', `${want.repository} has no branch ${want.base}`);
      const branch = await shaOf(dir, want.branch);
      const refs = branch ? [want.base, want.branch] : [want.base];
      await gitOrFail(
        'local',
        ['-C', dir, 'bundle', 'create', '--quiet', want.into, ...refs.map((name) => `refs/heads/${name}`)],
        { signal },
      );
      const start = branch ? await gitOrFail('local', ['-C', dir, 'merge-base', base, branch]) : base;
      return { baseSha: start.trim(), baseHead: base, hasBranch: branch !== null };
    });

  const push: Mirror['push'] = (work, signal) =>
    inTurn(work.repository, async () => {
      const dir = await mirrorOf(work.repository);
      const ref = `refs/heads/${work.branch}`;
      // Under a name of its own: the next fetch must not take it for what the code host has.
      const incoming = `refs/incoming/${work.branch}`;
      await gitOrFail(
        'local',
        ['-C', dir, 'fetch', '--quiet', '--no-tags', work.bundle, `+${ref}:${incoming}`],
        { signal },
      );
      const headSha = (await gitOrFail('local', ['-C', dir, 'rev-parse', '--verify', incoming])).trim();
      const { url, authorization } = await codeHost.remote(work.repository, signal);
      await gitOrFail('remote', ['-C', dir, 'push', '--quiet', url, `${incoming}:${ref}`], {
        authorization,
        signal,
      });
      return { headSha };
    });

  return { bundle, push };
}

async function shaOf(dir: string, branch: string): Promise<string | null> {
  const found = await git(['-C', dir, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
  return found.exitCode === 0 ? found.stdout.trim() : null;
}
