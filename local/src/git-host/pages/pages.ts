import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { accessToken } from '../access-token.ts';
import { pageHeaders, requireOwnForm } from '../guard.ts';
import type { Host } from '../host.ts';
import { page } from './layout.ts';
import { addPullPages } from './pull-pages.ts';
import { addRepositoryPages } from './repository-pages.ts';
import { repositoryList } from './repository-view.ts';
import { frameOf, nothingHere, personCookie, readPerson } from './visit.ts';

export type PagesOptions = { readonly pagesToken?: string; readonly imageOrigins?: readonly string[] };

/** The pages for people. */
export function createPages(host: Host, { pagesToken, imageOrigins = [] }: PagesOptions): Hono {
  const pages = new Hono();
  pages.use(pageHeaders(imageOrigins));
  pages.use(requireOwnForm);
  addAssets(pages);
  if (pagesToken !== undefined) pages.use(requireToken(pagesToken));
  pages.get('/', async (context) => {
    const repositories = await host.repositories.list();
    const items = repositories.map(async (repository) => ({
      repository,
      latest: (await host.objects(repository).branches())[0] ?? null,
      openCount: host.store.list({ repository: repository.name, state: 'open' }).length,
    }));
    const list = repositoryList(await Promise.all(items));
    return context.html(page({ ...frameOf(context), title: 'Repositories' }, list));
  });
  pages.post('/me', async (context) => {
    const form = await context.req.formData();
    const person = readPerson(String(form.get('name') ?? ''));
    const back = String(form.get('back') ?? '/');
    if (person)
      setCookie(context, personCookie, person, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        maxAge: 31_536_000,
      });
    // Only to an address of this host: `//elsewhere` and `/\elsewhere` are other hosts to a browser.
    return context.redirect(/^\/(?![/\\])/.test(back) ? back : '/', 303);
  });
  addPullPages(pages, host);
  addRepositoryPages(pages, host);
  pages.notFound((context) => nothingHere(context));
  return pages;
}

const tokenCookie = 'deckhand_git_pages';

/** Lets in who came by the printed link once. */
function requireToken(value: string): MiddlewareHandler {
  const token = accessToken(value);
  return async (context, next) => {
    if (token.is(getCookie(context, tokenCookie))) return next();
    const url = new URL(context.req.url);
    if (!token.is(url.searchParams.get('token') ?? undefined)) {
      return context.text('Open the link that Deckhand printed when it started.\n', 403);
    }
    setCookie(context, tokenCookie, value, { path: '/', httpOnly: true, sameSite: 'Lax' });
    url.searchParams.delete('token');
    return context.redirect(url.pathname + url.search, 303);
  };
}

// One file to the browser; several to the reader. Later ones may say more exactly what earlier ones said.
const styles = ['frame', 'boxes', 'pull', 'diff', 'prose', 'narrow'].map((name) => `styles/${name}.css`);

const assets = [
  { name: 'style.css', files: styles, type: 'text/css; charset=utf-8' },
  { name: 'page.js', files: ['page.js'], type: 'text/javascript; charset=utf-8' },
  { name: 'icon.svg', files: ['icon.svg'], type: 'image/svg+xml' },
] as const;

function addAssets(pages: Hono): void {
  for (const { name, files, type } of assets) {
    const read = (file: string) => readFileSync(join(import.meta.dirname, 'assets', file), 'utf8');
    const content = files.map(read).join('\n');
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`;
    pages.get(`/assets/${name}`, (context) => {
      const headers = { etag, 'cache-control': 'no-cache', 'content-type': type };
      if (context.req.header('if-none-match') === etag) return context.body(null, 304, headers);
      return context.body(content, 200, headers);
    });
  }
}
