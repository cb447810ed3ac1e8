import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { PullRequestInfo } from 'orchestrator/compose';
import { UpstreamError } from 'orchestrator/domain';
import { until } from 'orchestrator/testing/until';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLocalCodeHost } from './code-host.ts';
import {
  api,
  scratchFolder,
  startHost,
  startWithPullRequest,
  startWithRepository,
  testGit,
} from './testing/fixture.ts';
import type { HostAddress } from './wire.ts';

const pull = 'repositories/acme/web/pulls/1';

async function failureOf(work: Promise<unknown>): Promise<UpstreamError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UpstreamError) return error;
  throw new Error('expected an UpstreamError', { cause: error });
}

/** Answers every request with one status. */
async function brokenHost(status: number): Promise<{ url: string; token: string }> {
  const server = createServer((_request, response) => response.writeHead(status).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, token: 'x' };
}

describe('the client of the git host', () => {
  it('knows the repositories and how git reaches them', async () => {
    const { host } = await startWithRepository();
    const codeHost = createLocalCodeHost(host);
    const expected = {
      name: 'acme/web',
      defaultBranch: 'main',
      description: 'A shop',
      url: `${host.url}/acme/web`,
    };
    expect(await codeHost.repositories()).toEqual([expected]);
    expect(await codeHost.repository('acme/web')).toEqual(expected);
    expect(await codeHost.repository('acme/none')).toBeNull();
    expect(await codeHost.repository('../../etc')).toBeNull();
    const { url, authorization } = await codeHost.remote('acme/web');
    const header = `http.extraHeader=Authorization: ${authorization}`;
    expect(await testGit().text(['-c', header, 'ls-remote', url])).toContain('refs/heads/main');
  });

  it('opens a pull request once and then brings it up to date', async () => {
    const { host, copy } = await startWithRepository();
    const codeHost = createLocalCodeHost(host);
    const headSha = await copy.push('deckhand/fix', { 'a.txt': 'a' });
    const input = {
      repository: 'acme/web',
      head: 'deckhand/fix',
      base: 'main',
      title: 'One',
      body: 'b',
      draft: true,
    };
    const first = await codeHost.openPullRequest(input);
    expect(first).toEqual({
      repository: 'acme/web',
      number: 1,
      url: `${host.url}/acme/web/pull/1`,
      title: 'One',
      state: 'open',
      draft: true,
      head: 'deckhand/fix',
      base: 'main',
      headSha,
    });
    const second = await codeHost.openPullRequest({ ...input, title: 'Two', draft: false });
    expect(second).toMatchObject({ number: 1, title: 'Two', draft: false });
    expect(await codeHost.openPullRequest(input)).toMatchObject({ number: 1, title: 'One', draft: false });
  });

  it('opens a new pull request after the first was merged', async () => {
    const { host, copy } = await startWithPullRequest();
    await api(host, `${pull}/merge`, {});
    await copy.push('deckhand/fix', { 'b.txt': 'b' });
    const input = {
      repository: 'acme/web',
      head: 'deckhand/fix',
      base: 'main',
      title: 'More',
      body: '',
      draft: false,
    };
    expect(await createLocalCodeHost(host).openPullRequest(input)).toMatchObject({
      number: 2,
      state: 'open',
    });
  });

  it('says who merged and who closed', async () => {
    const { host } = await startWithPullRequest();
    const codeHost = createLocalCodeHost(host);
    await api(host, `${pull}/close`, { by: 'Bo' });
    expect(await codeHost.pullRequest('acme/web', 1)).toMatchObject({ state: 'closed', closedBy: 'Bo' });
    await api(host, `${pull}/reopen`, {});
    await api(host, `${pull}/merge`, { by: 'Ana' });
    expect(await codeHost.pullRequest('acme/web', 1)).toMatchObject({ state: 'merged', mergedBy: 'Ana' });
    expect(await codeHost.pullRequest('acme/web', 2)).toBeNull();
  });

  it.each([
    [401, 'code_host.unauthorized', false],
    [404, 'code_host.not_found', false],
    [422, 'code_host.refused', false],
    [429, 'code_host.unreachable', true],
    [503, 'code_host.unreachable', true],
  ])('makes of status %i the failure %s', async (status, code, retryable) => {
    const failure = await failureOf(createLocalCodeHost(await brokenHost(status)).repositories());
    expect(failure).toMatchObject({ code, retryable });
  });

  it('fails as unreachable when nothing listens, and passes a stop on as a stop', async () => {
    const { host } = await startWithRepository();
    await host.close();
    const codeHost = createLocalCodeHost(host);
    expect(await failureOf(codeHost.repositories())).toMatchObject({
      code: 'code_host.unreachable',
      retryable: true,
    });
    const stopped = new AbortController();
    stopped.abort();
    await expect(codeHost.repositories(stopped.signal)).rejects.toThrow(/abort/i);
  });
});

/** The address of a host that will come back on another port: its own may be taken by then. */
function movableAddress({ url, token }: HostAddress): { url: string; token: string } {
  return { url, token };
}

describe('following pull requests', () => {
  function follow(host: HostAddress, listen?: (pullRequest: PullRequestInfo) => void) {
    const heard: PullRequestInfo[] = [];
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    createLocalCodeHost(host).followPullRequests((pullRequest) => {
      listen?.(pullRequest);
      heard.push(pullRequest);
    }, stop.signal);
    const hears = (test: (pullRequest: PullRequestInfo) => boolean, name: string) =>
      until(() => heard.some(test), name);
    return { heard, hears, stop };
  }

  it('hears the state of everything first and then each change in order', async () => {
    const { host, copy } = await startWithPullRequest();
    const { heard, hears } = follow(host);
    await hears(({ state }) => state === 'open', 'the pull request that was there');
    const headSha = await copy.push('deckhand/fix', { 'a.txt': 'a' });
    await api(host, `${pull}/comments`, { body: 'not a change of its state' });
    await api(host, `${pull}/merge`, { by: 'Ana' });
    await hears(({ state }) => state === 'merged', 'the merge');
    expect(heard.map((one) => [one.state, one.headSha === headSha, one.mergedBy])).toEqual([
      ['open', false, undefined],
      ['open', true, undefined],
      ['merged', true, 'Ana'],
    ]);
  });

  it('catches up with what happened while the host was away', async () => {
    const dataDir = await scratchFolder();
    const { host } = await startWithPullRequest({ dataDir });
    const address = movableAddress(host);
    const { heard, hears } = follow(address);
    await hears(() => true, 'the pull request that was there');
    await host.close();
    const between = await startHost({ dataDir });
    await api(between, `${pull}/close`, { by: 'Bo' });
    await api(between, `${pull}/reopen`, {});
    await between.close();
    address.url = (await startHost({ dataDir })).url;
    await hears(({ state }) => state === 'closed', 'the closing');
    await until(() => heard.length === 3, 'all changes');
    expect(heard.map(({ state }) => state)).toEqual(['open', 'closed', 'open']);
  });

  it('starts over when the host has lost its memory', async () => {
    const { host } = await startWithPullRequest();
    for (const body of ['one', 'two', 'three']) await api(host, `${pull}/comments`, { body });
    const address = movableAddress(host);
    const { heard, hears } = follow(address);
    await hears(({ title }) => title === 'Fix two', 'the pull request that was there');
    await host.close();
    const dataDir = await scratchFolder();
    await writeFile(join(dataDir, 'token'), host.token);
    const { host: between } = await startWithPullRequest({ dataDir });
    await api(between, pull, { title: 'Another life' }, 'PATCH');
    await between.close();
    address.url = (await startHost({ dataDir })).url;
    await hears(({ title }) => title === 'Another life', 'what the new host knows');
    expect(heard.map(({ title }) => title)).toEqual(['Fix two', 'Another life']);
  });

  it('tells a listener that failed the same again', async () => {
    const { host } = await startWithPullRequest();
    let failures = 0;
    const { heard, hears } = follow(host, ({ state }) => {
      if (state !== 'merged' || failures >= 2) return;
      failures += 1;
      throw new Error('not now');
    });
    await hears(({ state }) => state === 'open', 'the pull request that was there');
    await api(host, `${pull}/merge`, {});
    await hears(({ state }) => state === 'merged', 'the merge');
    expect({ failures, states: heard.map(({ state }) => state) }).toEqual({
      failures: 2,
      states: ['open', 'merged'],
    });
  });

  it('is not held back for good by a change that its listener never takes', async () => {
    const { host } = await startWithPullRequest();
    const { heard, hears } = follow(host, ({ state }) => {
      if (state === 'closed') throw new Error('never');
    });
    await hears(({ state }) => state === 'open', 'the pull request that was there');
    await api(host, `${pull}/close`, {});
    await api(host, `${pull}/reopen`, {});
    await until(() => heard.length === 2, 'what came after');
    expect(heard.map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('stops with its signal', async () => {
    const { host } = await startWithPullRequest();
    const { heard, hears, stop } = follow(host);
    const other = follow(host);
    await hears(() => true, 'the pull request that was there');
    await other.hears(() => true, 'the same for the other');
    stop.abort();
    await api(host, `${pull}/close`, {});
    await other.hears(({ state }) => state === 'closed', 'the closing');
    expect(heard).toHaveLength(1);
  });
});
