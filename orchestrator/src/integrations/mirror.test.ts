import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeHost, Mirror } from '../ports.ts';
import { gitOrFail } from './git-command.ts';
import { createMirror } from './mirror.ts';

let dir: string;
let origin: string;
let mirror: Mirror;

const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.test'];
const inClone = (name: string, ...args: string[]) =>
  gitOrFail('local', ['-C', join(dir, name), ...identity, ...args]);

async function commit(clone: string, file: string, text: string): Promise<string> {
  await writeFile(join(dir, clone, file), text);
  await inClone(clone, 'add', '--all');
  await inClone(clone, 'commit', '--quiet', '-m', file);
  return (await inClone(clone, 'rev-parse', 'HEAD')).trim();
}

const notUsed = () => Promise.reject(new Error('not used here'));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mirror-'));
  origin = join(dir, 'origin.git');
  await gitOrFail('local', ['init', '--quiet', '--bare', '-b', 'main', origin]);
  await gitOrFail('local', ['clone', '--quiet', origin, join(dir, 'theirs')]);
  await commit('theirs', 'a.txt', 'one');
  await inClone('theirs', 'push', '--quiet', 'origin', 'HEAD:main');
  const codeHost: CodeHost = {
    kind: 'test',
    repositories: notUsed,
    repository: notUsed,
    openPullRequest: notUsed,
    pullRequest: notUsed,
    followPullRequests: () => undefined,
    remote: async (name) => ({
      url: name === 'acme/shop' ? origin : join(dir, 'nothing.git'),
      authorization: 'Basic x',
    }),
  };
  mirror = createMirror({ dir: join(dir, 'mirrors'), codeHost });
});
// Newer versions of git tidy up in the background after a push.
afterEach(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));

const want = (into: string) => ({
  repository: 'acme/shop',
  base: 'main',
  branch: 'deckhand/x',
  into: join(dir, into),
});

/** What a sandbox does: clone the bundle, commit on the branch, make a bundle of it. */
async function workOn(
  bundle: string,
  clone: string,
  start: string,
): Promise<{ sha: string; bundle: string }> {
  await gitOrFail('local', ['clone', '--quiet', '-b', start, join(dir, bundle), join(dir, clone)]);
  await inClone(clone, 'checkout', '--quiet', '-B', 'deckhand/x');
  const sha = await commit(clone, `${clone}.txt`, clone);
  const out = join(dir, `${clone}.bundle`);
  await inClone(clone, 'bundle', 'create', '--quiet', out, 'deckhand/x');
  return { sha, bundle: out };
}

describe('the mirror', () => {
  it('fills a sandbox and brings its branch to the code host', async () => {
    const { baseSha, hasBranch } = await mirror.bundle(want('in.bundle'));
    expect(hasBranch).toBe(false);
    const work = await workOn('in.bundle', 'box', 'main');
    const { headSha } = await mirror.push({
      repository: 'acme/shop',
      branch: 'deckhand/x',
      bundle: work.bundle,
    });
    expect(headSha).toBe(work.sha);
    const published = await gitOrFail('local', ['-C', origin, 'rev-parse', 'deckhand/x', 'deckhand/x~1']);
    expect(published.trim().split('\n')).toEqual([work.sha, baseSha]);
  });

  it('gives the branch back where the code host has it, counted from where it left the base', async () => {
    const first = await mirror.bundle(want('one.bundle'));
    const work = await workOn('one.bundle', 'box', 'main');
    await mirror.push({ repository: 'acme/shop', branch: 'deckhand/x', bundle: work.bundle });
    await commit('theirs', 'b.txt', 'two');
    await inClone('theirs', 'push', '--quiet', 'origin', 'HEAD:main');
    const second = await mirror.bundle(want('two.bundle'));
    expect(second).toMatchObject({ baseSha: first.baseSha, hasBranch: true });
    expect(second.baseHead).not.toBe(first.baseHead);
    const refs = await gitOrFail('local', ['bundle', 'list-heads', join(dir, 'two.bundle')]);
    expect(refs).toContain(`${work.sha} refs/heads/deckhand/x`);
  });

  it('never overwrites what somebody else pushed to the branch', async () => {
    await mirror.bundle(want('in.bundle'));
    const work = await workOn('in.bundle', 'box', 'main');
    const theirs = await commit('theirs', 'c.txt', 'theirs');
    await inClone('theirs', 'push', '--quiet', 'origin', 'HEAD:deckhand/x');
    const push = mirror.push({ repository: 'acme/shop', branch: 'deckhand/x', bundle: work.bundle });
    await expect(push).rejects.toMatchObject({ code: 'code_host.refused' });
    expect((await gitOrFail('local', ['-C', origin, 'rev-parse', 'deckhand/x'])).trim()).toBe(theirs);
  });

  it('says what is missing: the repository, or the branch', async () => {
    await expect(mirror.bundle({ ...want('x'), repository: 'acme/none' })).rejects.toMatchObject({
      name: 'UpstreamError',
    });
    await expect(mirror.bundle({ ...want('x'), base: 'trunk' })).rejects.toMatchObject({
      code: 'code_host.not_found',
    });
  });

  it('takes no name that would leave its folder', async () => {
    await expect(mirror.bundle({ ...want('x'), repository: '../../etc' })).rejects.toMatchObject({
      code: 'code_host.not_found',
    });
  });
});
