import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { GitHost } from '../server.ts';
import { api, startHost, startWithPullRequest, startWithRepository } from '../testing/fixture.ts';

type Form = Record<string, string>;

async function open(host: GitHost, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(host.url + path, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Sends a form as a browser on the page would; `headers` can take that back. */
async function send(
  host: GitHost,
  path: string,
  form: Form,
  headers: Record<string, string> = { origin: host.url },
) {
  const response = await fetch(host.url + path, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const page = '/acme/web/pull/1';

describe('the pages', () => {
  it('show the repository with its files and README', async () => {
    const { host } = await startWithRepository();
    expect((await open(host, '/')).text).toContain('href="/acme/web"');
    const { text } = await open(host, '/acme/web');
    expect(text).toContain('<h1>Shop</h1>');
    expect(text).toContain('feat: first version');
    expect((await open(host, '/acme/web/files?ref=main&path=src/cart.js')).text).toContain('>two</td>');
    expect((await open(host, '/acme/web/commits')).text).toContain('feat: first version');
    expect((await open(host, '/acme/web/branches')).text).toContain('<code>main</code>');
  });

  it('show a repository without a commit', async () => {
    const host = await startHost();
    await api(host, 'repositories', { name: 'acme/web' });
    expect((await open(host, '/acme/web')).text).toContain('acme/web is empty');
    expect((await open(host, '/acme/web/commits')).status).toBe(200);
  });

  it('show a pull request with its text, commits, checks and changed lines', async () => {
    const { host, pull } = await startWithPullRequest();
    await api(host, `${pull}/checks`, { name: 'npm test', status: 'failed', summary: '1 of 14 failed' });
    await api(host, pull, { body: 'See [it](http://127.0.0.1:1/sessions/ses_1) **now**' }, 'PATCH');
    const { text } = await open(host, page);
    for (const part of ['Fix two', '<strong>now</strong>', 'fix: two', '1 of 14 failed', 'A check failed.']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('href="http://127.0.0.1:1/sessions/ses_1" rel="noreferrer">');
    expect(text).toMatch(/<tr class="removed">.*?>two<\/td>/s);
    expect(text).toMatch(/<tr class="added">.*?>2<\/td>/s);
  });

  it('fold a file of more than 400 changed lines', async () => {
    const { host, copy } = await startWithPullRequest();
    const lines = Array.from({ length: 401 }, (_, index) => `line ${index}`).join('\n');
    await copy.push('deckhand/fix', { 'long.txt': lines, 'short.txt': 'x' });
    const { text } = await open(host, page);
    expect(text).toMatch(/id="file-0">\s*<summary><span class="path">long.txt/);
    expect(text).toMatch(/id="file-1" open>\s*<summary><span class="path">short.txt/);
  });

  it('say which files are in conflict and offer no merge', async () => {
    const { host, copy } = await startWithPullRequest();
    await copy.git(['checkout', '--quiet', 'main']);
    await copy.push('main', { 'src/cart.js': 'one\nzwei\nthree\n' });
    const { text } = await open(host, page);
    expect(text).toContain('The branches are in conflict.');
    expect(text).toContain('<li><code>src/cart.js</code></li>');
    expect(text).not.toContain('Confirm merge');
  });
});

describe('the forms', () => {
  it('comment and merge as the person of the cookie', async () => {
    const { host, headSha, pull } = await startWithPullRequest();
    const chosen = await send(host, '/me', { name: 'Mia', back: page });
    expect(chosen).toMatchObject({ status: 303 });
    expect(chosen.headers.get('location')).toBe(page);
    const cookie = (chosen.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const asMia = { origin: host.url, cookie };
    expect((await send(host, `${page}/comment`, { body: 'Ship it' }, asMia)).status).toBe(303);
    expect((await send(host, `${page}/merge`, { headSha }, asMia)).status).toBe(303);
    expect((await api(host, pull)).body).toMatchObject({ state: 'merged', mergedBy: 'Mia' });
    expect((await api(host, `${pull}/comments`)).body).toMatchObject([
      { author: 'Mia', body: 'Ship it' },
      { author: 'Mia' },
    ]);
  });

  it('close, reopen and mark ready', async () => {
    const { host, pull } = await startWithPullRequest();
    await send(host, `${page}/close`, {});
    expect((await api(host, pull)).body).toMatchObject({ state: 'closed', closedBy: 'Ana' });
    await send(host, `${page}/reopen`, {});
    await api(host, pull, { draft: true }, 'PATCH');
    expect((await open(host, page)).text).toContain('This is a draft.');
    await send(host, `${page}/ready`, {});
    expect((await api(host, pull)).body).toMatchObject({ state: 'open', draft: false });
  });

  it('say on the page why nothing was changed', async () => {
    const { host } = await startWithPullRequest();
    const refused = await send(host, `${page}/merge`, { headSha: '0'.repeat(40) });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Nothing was changed: the branch has new commits; look at them first.');
    expect((await send(host, `${page}/merge`, {})).text).toContain('the form named no commit');
  });

  it('lead to no other host', async () => {
    const host = await startHost();
    for (const back of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      expect((await send(host, '/me', { name: 'Bo', back })).headers.get('location'), back).toBe('/');
    }
  });
});

describe('a foreign page', () => {
  it('cannot send a form', async () => {
    const { host, headSha, pull } = await startWithPullRequest();
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      {},
    ];
    for (const headers of foreign) {
      expect((await send(host, `${page}/merge`, { headSha }, headers)).status).toBe(403);
    }
    expect((await api(host, pull)).body.state).toBe('open');
  });

  it('cannot reach the host by another name', async () => {
    const { host } = await startWithRepository();
    const answers = await Promise.all(
      ['evil.example', `evil.example:${new URL(host.url).port}`].map((name) => askAs(host, name)),
    );
    expect(answers).toEqual([421, 421]);
  });
});

describe('hostile text', () => {
  const hostile = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';

  it('stays text wherever it comes from', async () => {
    const { host, copy, pull } = await startWithPullRequest();
    const file = `<script>alert(1)<\\script>"'.md`;
    await copy.push('deckhand/fix', { [file]: `# ${hostile}\n`, 'README.md': `${hostile}\n` }, hostile);
    await api(host, pull, { title: hostile, body: hostile }, 'PATCH');
    await api(host, `${pull}/comments`, { author: '<b>Bo</b>', body: hostile });
    await api(host, `${pull}/checks`, { name: hostile, status: 'passed', summary: hostile });
    const place = new URLSearchParams({ ref: 'deckhand/fix', path: file });
    const paths = [
      page,
      '/acme/web/pulls',
      '/acme/web/commits?ref=deckhand/fix',
      '/acme/web/branches',
      '/acme/web/files?ref=deckhand/fix',
    ];
    for (const path of [...paths, `/acme/web/files?${place}`]) {
      const { status, text } = await open(host, path, { cookie: 'deckhand_git_person=%3Cb%3EX' });
      expect(status, path).toBe(200);
      expect(text, path).toContain('alert(1)');
      expect(text, path).not.toMatch(/<script>|<img src=x|<b>Bo|<b>X/);
    }
  });

  it('runs nothing, by the policy of every page', async () => {
    const { host } = await startWithRepository({ imageOrigins: ['http://127.0.0.1:3000'] });
    for (const path of ['/', '/acme/web', '/nothing/here/at/all']) {
      const policy = (await open(host, path)).headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'; style-src 'self'; script-src 'self';");
      expect(policy).toContain("img-src 'self' data: http://127.0.0.1:3000;");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('is no page of this host when a file is opened raw', async () => {
    const { host, copy } = await startWithRepository();
    await copy.push('main', { 'x.html': hostile, 'x.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    const html = await open(host, '/acme/web/raw?path=x.html');
    expect(html.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const svg = await open(host, '/acme/web/raw?path=x.svg');
    expect(svg.headers.get('content-security-policy')).toContain('sandbox');
    expect(svg.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('an address that leads nowhere', () => {
  it('is answered with 404', async () => {
    const { host } = await startWithRepository();
    const paths = [
      '/acme/web/files?path=../../../etc/passwd',
      '/acme/web/files?path=/etc/passwd',
      '/acme/web/files?path=./README.md',
      '/acme/web/files?ref=--output=x',
      '/acme/web/files?ref=main:README.md',
      '/acme/web/files?ref=main..main',
      '/acme/web/raw?path=nothing',
      '/acme/web/commit/HEAD',
      '/acme/web/pull/7',
      '/acme/web/pull/x',
      '/acme/web/pulls?state=odd',
      '/acme/none',
      '/acme/..%2f..%2fetc',
      '/assets/..%2f..%2fserver.ts',
    ];
    for (const path of paths) expect((await open(host, path)).status, path).toBe(404);
  });
});

describe('a host whose pages are locked', () => {
  it('opens to who came by the printed link', async () => {
    const host = await startHost({ pagesToken: 'letmein' });
    expect((await open(host, '/')).status).toBe(403);
    expect((await open(host, '/?token=wrong')).status).toBe(403);
    const entered = await open(host, '/?token=letmein');
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await open(host, '/', { cookie })).status).toBe(200);
    expect((await open(host, '/', { cookie: 'deckhand_git_pages=wrong' })).status).toBe(403);
  });
});

/** `fetch` sets the Host header itself, so this one is written by hand. */
function askAs(host: GitHost, name: string): Promise<number> {
  const { port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host: name } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}
