import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalProvider } from './local.ts';
import type { Sandbox, SandboxProvider } from './provider.ts';
import { bundleTo, cloneFromBundle, commitAll, git, hasClone, headSha } from './workspace.ts';
import { diff } from './workspace-diff.ts';

const author = { name: 'Deckhand', email: 'deckhand@example.com' };
const gitEnv = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
};

describe('the workspace', () => {
  let folder: string;
  let provider: SandboxProvider;
  let sandbox: Sandbox;
  let bundlePath: string;

  const host = (...args: string[]) => {
    const options = {
      cwd: join(folder, 'repo'),
      env: { NODE_ENV: 'test' as const, ...gitEnv },
      encoding: 'utf8' as const,
    };
    return execFileSync('git', args, options).trim();
  };
  const write = (path: string, data: string | Uint8Array) =>
    sandbox.writeFile(join(sandbox.paths.workspace, path), data);
  const clone = () =>
    cloneFromBundle(sandbox, {
      bundlePath,
      branch: 'deckhand/fix',
      base: 'main',
      originUrl: 'https://x-access-token:secret@git.example.com/acme/web.git',
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workspace-'));
    provider = await createLocalProvider({ root: join(folder, 'sandboxes') });
    execFileSync('git', ['init', '-q', '-b', 'main', join(folder, 'repo')]);
    execFileSync('sh', ['-c', 'seq 1 50 > numbers.txt; echo hi > README.md; mkdir src; echo a > src/a.ts'], {
      cwd: join(folder, 'repo'),
    });
    host('add', '-A');
    host('commit', '-q', '-m', 'first');
    bundlePath = join(folder, 'repo.bundle');
    host('bundle', 'create', '-q', bundlePath, '--all');
  });
  beforeEach(async () => {
    sandbox = await provider.create({ labels: {}, env: {} });
    return () => sandbox.delete();
  });
  afterAll(async () => {
    await provider.close();
    // Newer versions of git tidy up in the background after a commit.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is cloned from a bundle onto a new branch, with an origin that holds no credentials', async () => {
    expect(await hasClone(sandbox)).toBe(false);
    await clone();
    expect(await hasClone(sandbox)).toBe(true);
    expect(await headSha(sandbox)).toBe(host('rev-parse', 'main'));
    expect((await git(sandbox, ['branch', '--show-current'])).stdout).toBe('deckhand/fix\n');
    expect((await git(sandbox, ['remote', 'get-url', 'origin'])).stdout).toBe(
      'https://git.example.com/acme/web.git\n',
    );
    const everything = await sandbox.exec(['grep', '-r', 'secret', '.git']);
    expect(everything.stdout).toBe('');
  });

  it('can be cloned again after an attempt that did not come to its end', async () => {
    await expect(
      cloneFromBundle(sandbox, { bundlePath, branch: 'b', base: 'no-such-base', originUrl: 'x' }),
    ).rejects.toMatchObject({ code: 'sandbox.exec_failed' });
    expect(await hasClone(sandbox)).toBe(false);
    await clone();
    expect(await hasClone(sandbox)).toBe(true);
  });

  it('goes on with a branch that the bundle holds already', async () => {
    host('branch', '-f', 'deckhand/fix', 'main');
    host('checkout', '-q', 'deckhand/fix');
    host('commit', '-q', '--allow-empty', '-m', 'earlier work');
    const sha = host('rev-parse', 'HEAD');
    const withBranch = join(folder, 'with-branch.bundle');
    host('bundle', 'create', '-q', withBranch, '--all');
    host('checkout', '-q', 'main');
    host('branch', '-q', '-D', 'deckhand/fix');
    await cloneFromBundle(sandbox, {
      bundlePath: withBranch,
      branch: 'deckhand/fix',
      base: 'main',
      originUrl: 'x',
    });
    expect(await headSha(sandbox)).toBe(sha);
  });

  it('commits untracked files, and nothing when nothing changed or only artifacts did', async () => {
    await clone();
    const before = await headSha(sandbox);
    await write('.artifacts/shot.png', 'png');
    expect(await commitAll(sandbox, { message: 'nothing', author })).toEqual({ sha: before, changed: false });
    await write('new/deep/file.txt', 'new\n');
    const plan = {
      message: 'Add a file\n\n# not a comment',
      author,
      coAuthor: { name: 'Ana', email: 'ana@example.com' },
    };
    const commit = await commitAll(sandbox, plan);
    expect(commit).toEqual({ sha: await headSha(sandbox), changed: true });
    const body = await git(sandbox, ['log', '-1', '--format=%an <%ae>%n%B']);
    expect(body.stdout.trim()).toBe(
      'Deckhand <deckhand@example.com>\nAdd a file\n\n# not a comment\n\nCo-authored-by: Ana <ana@example.com>',
    );
  });

  it('runs no program that the checkout configures', async () => {
    await clone();
    const trap = join(sandbox.paths.home, 'trap');
    await write('trap.sh', `#!/bin/sh\necho "$0 $@" >> ${trap}\nexit 1\n`);
    await sandbox.exec(['chmod', '+x', 'trap.sh']);
    const script = join(sandbox.paths.workspace, 'trap.sh');
    for (const hook of [
      'pre-commit',
      'commit-msg',
      'prepare-commit-msg',
      'post-commit',
      'post-index-change',
    ]) {
      await sandbox.exec(['sh', '-c', `mkdir -p .git/hooks && cp trap.sh .git/hooks/${hook}`]);
    }
    for (const name of [
      'core.fsmonitor',
      'diff.external',
      'diff.t.textconv',
      'diff.t.command',
      'gpg.program',
      'core.editor',
    ]) {
      await sandbox.exec(['git', '-c', 'core.fsmonitor=false', 'config', name, script]);
    }
    await sandbox.exec(['git', '-c', 'core.fsmonitor=false', 'config', 'commit.gpgSign', 'true']);
    await write('.gitattributes', '*.txt diff=t\n');
    await write('numbers.txt', 'changed\n');
    const from = await headSha(sandbox);
    expect((await commitAll(sandbox, { message: 'change', author })).changed).toBe(true);
    expect((await diff(sandbox, { from })).files.map(({ path }) => path)).toContain('numbers.txt');
    await expect(sandbox.readFile(trap)).rejects.toMatchObject({ code: 'sandbox.file_not_found' });
  });

  it('tells what changed: moves, deletions, binary files and odd names', async () => {
    await clone();
    const from = await headSha(sandbox);
    const oddName = 'dir with space/tab\tquote"ümläut\nnewline.txt';
    await sandbox.exec(['git', 'mv', 'numbers.txt', 'moved numbers.txt']);
    await sandbox.exec(['rm', 'src/a.ts']);
    await write('README.md', 'hi\nthere\n');
    await write(oddName, 'one\ntwo\n');
    await write('image.bin', new Uint8Array([0, 1, 2, 0, 255]));
    await commitAll(sandbox, { message: 'many', author });
    const { files, patch, headSha: head } = await diff(sandbox, { from });
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    expect([...files].sort(byPath)).toEqual([
      { path: 'README.md', status: 'modified', additions: 1, deletions: 0, isBinary: false },
      { path: oddName, status: 'added', additions: 2, deletions: 0, isBinary: false },
      { path: 'image.bin', status: 'added', additions: 0, deletions: 0, isBinary: true },
      {
        path: 'moved numbers.txt',
        previousPath: 'numbers.txt',
        status: 'renamed',
        additions: 0,
        deletions: 0,
        isBinary: false,
      },
      { path: 'src/a.ts', status: 'deleted', additions: 0, deletions: 1, isBinary: false },
    ]);
    expect(patch).toContain('GIT binary patch');
    expect(head).toBe(await headSha(sandbox));
  });

  it('shows no diff where nothing changed', async () => {
    await clone();
    const from = await headSha(sandbox);
    expect(await diff(sandbox, { from })).toEqual({ patch: '', files: [], headSha: from });
  });

  it('brings its commits out as a bundle that the host can fetch', async () => {
    await clone();
    const from = await headSha(sandbox);
    const hostPath = join(folder, 'out.bundle');
    expect(await bundleTo(sandbox, { from, branch: 'deckhand/fix', hostPath })).toBe(false);
    await write('README.md', 'changed\n');
    const { sha } = await commitAll(sandbox, { message: 'change', author });
    expect(await bundleTo(sandbox, { from, branch: 'deckhand/fix', hostPath })).toBe(true);
    host('fetch', '-q', hostPath, 'refs/heads/deckhand/fix:refs/heads/fetched');
    expect(host('rev-parse', 'fetched')).toBe(sha);
    expect(await bundleTo(sandbox, { from: null, branch: 'deckhand/fix', hostPath })).toBe(true);
  });
});
