import { describe, expect, it } from 'vitest';
import { api, startHost, startWithPullRequest, startWithRepository } from './testing/fixture.ts';

const pulls = 'repositories/acme/web/pulls';

describe('the API', () => {
  it('wants the token for everything', async () => {
    const { host } = await startWithPullRequest();
    for (const path of ['repositories', pulls, `${pulls}/1`, 'pulls', 'events', 'nothing']) {
      expect((await fetch(`${host.url}/api/${path}`)).status, path).toBe(401);
      const wrong = { headers: { authorization: 'Bearer wrong' } };
      expect((await fetch(`${host.url}/api/${path}`, wrong)).status, path).toBe(401);
    }
  });

  it('makes a repository once', async () => {
    const host = await startHost();
    const input = { name: 'acme/web', description: 'A shop' };
    expect(await api(host, 'repositories', input)).toMatchObject({
      status: 201,
      body: { name: 'acme/web', defaultBranch: 'main' },
    });
    expect((await api(host, 'repositories', input)).status).toBe(409);
    expect((await api(host, 'repositories')).body).toEqual([
      { name: 'acme/web', defaultBranch: 'main', description: 'A shop', url: `${host.url}/acme/web` },
    ]);
  });

  it('makes one repository of two requests at once', async () => {
    const host = await startHost();
    const both = await Promise.all([1, 2].map(() => api(host, 'repositories', { name: 'acme/web' })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('makes no repository under a name that cannot be a folder', async () => {
    const host = await startHost();
    for (const name of ['../x', 'a/../../x', 'api/x', 'a/b.git', '', 7]) {
      expect((await api(host, 'repositories', { name })).status, String(name)).toBe(422);
    }
  });

  it('refuses what is not JSON', async () => {
    const { host } = await startWithRepository();
    const headers = { authorization: `Bearer ${host.token}` };
    const sent = await fetch(`${host.url}/api/${pulls}`, { method: 'POST', headers, body: '{' });
    expect(sent.status).toBe(422);
  });

  it('lists branches and commits', async () => {
    const { host } = await startWithPullRequest();
    const branches: { name: string }[] = (await api(host, 'repositories/acme/web/branches')).body;
    expect(branches.map(({ name }) => name).sort()).toEqual(['deckhand/fix', 'main']);
    const commits: { subject: string }[] = (await api(host, 'repositories/acme/web/commits?ref=deckhand/fix'))
      .body;
    expect(commits.map(({ subject }) => subject)).toEqual(['fix: two', 'feat: first version']);
  });
});

describe('opening a pull request', () => {
  it('reads its head from the repository', async () => {
    const { host, headSha, opened } = await startWithPullRequest();
    expect(opened).toMatchObject({
      status: 201,
      body: { number: 1, state: 'open', headSha, url: `${host.url}/acme/web/pull/1` },
    });
  });

  it('is refused a second time while the first is open', async () => {
    const { host } = await startWithPullRequest();
    const again = await api(host, pulls, { title: 'Again', head: 'deckhand/fix', base: 'main' });
    expect(again).toMatchObject({
      status: 409,
      body: { message: 'pull request #1 of the same branches is open' },
    });
  });

  it('is refused with the reason', async () => {
    const { host } = await startWithPullRequest();
    const wrong = [
      [{ title: 'x', head: 'nothing', base: 'main' }, 'there is no branch nothing'],
      [{ title: 'x', head: 'main', base: 'main' }, 'main has no commits that are not in main'],
      [{ title: ' ', head: 'deckhand/fix', base: 'main' }, 'title'],
      [{ title: 'x', head: '../..', base: 'main' }, 'not a valid branch name'],
      [{ title: 'x', head: 'a', base: 'main', sessionUrl: 'javascript:alert(1)' }, 'URL'],
    ] as const;
    for (const [input, reason] of wrong) {
      const refused = await api(host, pulls, input);
      expect(refused.status, reason).toBe(422);
      expect(refused.body.message).toContain(reason);
    }
  });
});

describe('a pull request', () => {
  it('follows the pushes to its branch', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    const headSha = await copy.push('deckhand/fix', { 'src/cart.js': 'one\n2\n3\n' });
    expect((await api(host, pull)).body).toMatchObject({ headSha, state: 'open' });
  });

  it('shows its files and its diff against where the branches parted', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    await copy.git(['checkout', '--quiet', 'main']);
    await copy.push('main', { 'other.txt': 'not part of it\n' });
    expect((await api(host, `${pull}/files`)).body).toMatchObject([
      { path: 'src/cart.js', added: 1, removed: 1 },
    ]);
    const diff = (await api(host, `${pull}/diff`)).body;
    expect(diff).toContain('-two\n+2\n');
    expect(diff).not.toContain('other.txt');
  });

  it('is merged with a merge commit that has both parents', async () => {
    const { host, copy, headSha, pull } = await startWithPullRequest();
    await copy.git(['checkout', '--quiet', 'main']);
    const base = await copy.push('main', { 'other.txt': 'x\n' });
    const merged = await api(host, `${pull}/merge`, { by: 'Ana <x>', headSha });
    expect(merged).toMatchObject({ status: 200, body: { state: 'merged', mergedBy: 'Ana <x>' } });
    await copy.git(['fetch', '--quiet', 'origin']);
    expect(await copy.git(['log', '-1', '--format=%P|%an|%s', 'origin/main'])).toBe(
      `${base} ${headSha}|Ana x|Merge pull request #1 from deckhand/fix`,
    );
    expect(await copy.git(['show', 'origin/main:src/cart.js'])).toBe('one\n2\nthree');
    expect((await api(host, `${pull}/files`)).body).toMatchObject([{ path: 'src/cart.js' }]);
    expect((await api(host, `${pull}/merge`, {})).status).toBe(409);
  });

  it('is not merged when the branches conflict, and says where', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    await copy.git(['checkout', '--quiet', 'main']);
    const base = await copy.push('main', { 'src/cart.js': 'one\nzwei\nthree\n' });
    const refused = await api(host, `${pull}/merge`, {});
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'conflict', message: 'the branches change the same lines in src/cart.js' },
    });
    expect(await copy.git(['ls-remote', 'origin', 'main'])).toContain(base);
    expect((await api(host, pull)).body.state).toBe('open');
  });

  it('is not merged at another commit than the person saw, nor as a draft', async () => {
    const { host, copy, headSha, pull } = await startWithPullRequest();
    await copy.push('deckhand/fix', { 'a.txt': 'a' });
    expect((await api(host, `${pull}/merge`, { headSha })).status).toBe(409);
    await api(host, pull, { draft: true }, 'PATCH');
    expect((await api(host, `${pull}/merge`, {})).body.message).toContain('draft');
  });

  it('merges once when two people press at the same time', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    const both = await Promise.all(['Ana', 'Bo'].map((by) => api(host, `${pull}/merge`, { by })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await copy.git(['fetch', '--quiet', 'origin']);
    expect(await copy.git(['rev-list', '--count', '--merges', 'origin/main'])).toBe('1');
  });

  it('is closed and reopened', async () => {
    const { host, pull } = await startWithPullRequest();
    expect((await api(host, `${pull}/close`, { by: 'Ana' })).body).toMatchObject({
      state: 'closed',
      closedBy: 'Ana',
    });
    expect((await api(host, `${pull}/close`, {})).status).toBe(409);
    expect((await api(host, `${pull}/reopen`, {})).body).toMatchObject({ state: 'open', closedBy: null });
  });

  it('is closed when its branch is deleted, and still shows its files', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    await copy.git(['push', '--quiet', 'origin', '--delete', 'deckhand/fix']);
    expect((await api(host, pull)).body.state).toBe('closed');
    expect((await api(host, `${pull}/files`)).body).toMatchObject([{ path: 'src/cart.js' }]);
    expect((await api(host, `${pull}/reopen`, {})).status).toBe(409);
  });

  it('is merged when somebody pushes its commits to the base', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    await copy.git(['push', '--quiet', 'origin', 'deckhand/fix:main']);
    expect((await api(host, pull)).body).toMatchObject({ state: 'merged', mergedBy: 'a push' });
    expect((await api(host, `${pull}/files`)).body).toMatchObject([{ path: 'src/cart.js' }]);
  });

  it('keeps comments in order and one check of each name for the newest commit', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    await api(host, `${pull}/comments`, { author: 'Ana', body: 'one' });
    await api(host, `${pull}/comments`, { author: 'Bo', body: 'two' });
    expect((await api(host, `${pull}/comments`)).body).toMatchObject([{ body: 'one' }, { body: 'two' }]);
    await api(host, `${pull}/checks`, { name: 'test', status: 'pending' });
    await api(host, `${pull}/checks`, { name: 'test', status: 'passed', summary: '14 tests' });
    expect((await api(host, `${pull}/checks`)).body).toMatchObject([{ name: 'test', status: 'passed' }]);
    await copy.push('deckhand/fix', { 'a.txt': 'a' });
    expect((await api(host, `${pull}/checks`)).body).toEqual([]);
  });

  it('is unknown under any other number or name', async () => {
    const { host } = await startWithPullRequest();
    for (const path of [
      'repositories/acme/web/pulls/2',
      'repositories/acme/none/pulls/1',
      'repositories/..%2fx/y/pulls/1',
    ]) {
      expect((await api(host, path)).status, path).toBe(404);
    }
    expect((await api(host, `${pulls}/2/comments`, { body: 'x' })).status).toBe(404);
  });
});
