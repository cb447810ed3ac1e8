import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cloneUrl,
  scratchFolder,
  startHost,
  startWithRepository,
  testGit,
  workCopy,
} from './testing/fixture.ts';

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error: Error) => error.message,
  );
}

describe('git over HTTP', () => {
  it('gives back what was pushed', async () => {
    const { host, copy } = await startWithRepository();
    const again = await workCopy(host, 'acme/web');
    expect(await again.git(['rev-parse', 'HEAD'])).toBe(await copy.git(['rev-parse', 'HEAD']));
    expect(await again.git(['show', 'HEAD:src/cart.js'])).toBe('one\ntwo\nthree');
  });

  it('speaks protocol 2 and makes shallow clones', async () => {
    const { host, copy } = await startWithRepository();
    await copy.push('main', { 'a.txt': 'a' });
    const git = testGit();
    const path = join(await scratchFolder(), 'shallow');
    await git.run([
      '-c',
      'protocol.version=2',
      'clone',
      '--quiet',
      '--depth=1',
      cloneUrl(host, 'acme/web'),
      path,
    ]);
    expect(await git.text(['-C', path, 'rev-list', '--count', 'HEAD'])).toBe('1');
    const asked = await fetch(`${host.url}/acme/web.git/info/refs?service=git-upload-pack`, {
      headers: { 'git-protocol': 'version=2', authorization: `Bearer ${host.token}` },
    });
    expect(await asked.text()).toContain('version 2');
  });

  it('takes a push that is far larger than a buffer', async () => {
    const { host, copy } = await startWithRepository();
    const large = randomBytes(12 * 1024 * 1024);
    const sha = await copy.push('large', { 'large.bin': large });
    const again = await workCopy(host, 'acme/web');
    expect(await again.git(['rev-parse', 'origin/large'])).toBe(sha);
    expect(await again.git(['cat-file', '-s', 'origin/large:large.bin'])).toBe(String(large.length));
  });

  it('takes a compressed request, as a client with many commits sends it', async () => {
    const { host, copy } = await startWithRepository();
    // More than 1 KiB of "have" lines makes git compress its request.
    for (let index = 0; index < 40; index += 1) {
      await copy.git(['commit', '--quiet', '--allow-empty', '--message', `${index}`]);
    }
    const other = await workCopy(host, 'acme/web');
    await other.push('other', { 'b.txt': 'b' });
    await copy.git(['fetch', '--quiet', 'origin']);
    expect(await copy.git(['show', 'origin/other:b.txt'])).toBe('b');
  });

  it.each([
    ['no token', ''],
    ['a wrong token', 'x:wrong@'],
  ])('neither fetches nor pushes with %s', async (_name, credentials) => {
    const { host, copy } = await startWithRepository();
    const url = `${host.url.replace('http://', `http://${credentials}`)}/acme/web.git`;
    expect(await failure(copy.git(['ls-remote', url]))).toMatch(
      /Authentication failed|could not read Username/,
    );
    expect(await failure(copy.git(['push', url, 'HEAD:refs/heads/x']))).toMatch(
      /Authentication failed|could not read Username/,
    );
    const direct = await fetch(`${host.url}/acme/web.git/git-receive-pack`, { method: 'POST', body: '0000' });
    expect(direct.status).toBe(401);
    expect(await copy.git(['ls-remote', '--heads', 'origin'])).not.toContain('refs/heads/x');
  });

  it('opens with an Authorization header and no password in the URL', async () => {
    const { host, copy } = await startWithRepository();
    const header = `http.extraHeader=Authorization: Bearer ${host.token}`;
    const heads = await copy.git(['-c', header, 'ls-remote', `${host.url}/acme/web.git`]);
    expect(heads).toContain('refs/heads/main');
  });

  it('lets nobody write the refs that keep pull requests', async () => {
    const { copy } = await startWithRepository();
    expect(await failure(copy.git(['push', 'origin', 'HEAD:refs/pull/1/head']))).toContain(
      'deny updating a hidden ref',
    );
  });

  it('refuses a push that would lose commits', async () => {
    const { copy } = await startWithRepository();
    await copy.push('main', { 'a.txt': 'a' });
    await copy.git(['reset', '--quiet', '--hard', 'HEAD~1']);
    await copy.git(['commit', '--quiet', '--allow-empty', '--message', 'other']);
    expect(await failure(copy.git(['push', 'origin', 'main']))).toContain('rejected');
  });

  it('gives nothing but the three addresses of the smart protocol', async () => {
    const { host } = await startWithRepository();
    const paths = [
      '/acme/web.git/HEAD',
      '/acme/web.git/config',
      '/acme/web.git/objects/info/packs',
      '/acme/../acme/web.git/info/refs',
      '/../../etc.git/info/refs',
      '/acme/%2e%2e.git/info/refs',
      '/acme/..%2f..%2fx.git/info/refs',
      '/acme/nothing.git/info/refs?service=git-upload-pack',
    ];
    for (const path of paths) expect(await statusOf(host, path), path).toBe(404);
  });

  it('ends a git that still waits for a client when it closes', async () => {
    const { host } = await startWithRepository();
    const { port, hostname } = new URL(host.url);
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /acme/web.git/git-receive-pack HTTP/1.1',
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${host.token}`,
      'Content-Type: application/x-git-receive-pack-request',
      'Content-Length: 1000000',
    ];
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n0000`, resolve));
    await host.close();
    await closed;
    expect(await failure(fetch(host.url))).toContain('fetch failed');
  });
});

describe('the token', () => {
  it('stays the same over a restart', async () => {
    const dataDir = await scratchFolder();
    const first = await startHost({ dataDir });
    const second = await startHost({ dataDir });
    expect(second.token).toBe(first.token);
  });
});

/** Sends a path as it is: `fetch` would tidy it up first. */
function statusOf(host: { url: string; token: string }, path: string): Promise<number> {
  const { port, hostname } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('data', (data) => {
      resolve(Number(data.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.once('error', reject);
    const head = [`GET ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, `Authorization: Bearer ${host.token}`];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
  });
}
