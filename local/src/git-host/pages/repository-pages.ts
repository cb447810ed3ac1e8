import { isUtf8 } from 'node:buffer';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { readDiff } from '../diff.ts';
import type { Host } from '../host.ts';
import { filePath } from '../names.ts';
import type { Objects, StoredObject } from '../objects.ts';
import type { Repository } from '../repositories.ts';
import { commitView } from './commit-view.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { branchList, commitList, emptyRepository, fileView, folderView } from './repository-view.ts';
import { nothingHere, repositoryFrame, repositoryOf } from './visit.ts';

const placeQuery = z.object({ ref: z.string().max(300).optional(), path: filePath.default('') });
const listQuery = z.object({
  ref: z.string().max(300).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});

const commitsPerPage = 50;
const maxShownBytes = 512 * 1024;
// git's name for a folder without files: what a first commit is compared with.
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Adds the pages of a repository: files, commits, branches. */
export function addRepositoryPages(pages: Hono, host: Host): void {
  const one = '/:owner/:name';
  pages.get(one, (context) => showPlace(context, host));
  pages.get(`${one}/files`, (context) => showPlace(context, host));
  pages.get(`${one}/raw`, (context) => sendRaw(context, host));
  pages.get(`${one}/commits`, (context) => showCommits(context, host));
  pages.get(`${one}/commit/:sha`, (context) => showCommit(context, host));
  pages.get(`${one}/branches`, async (context) => {
    const repository = await repositoryOf(context, host);
    if (!repository) return nothingHere(context);
    const frame = repositoryFrame(context, host, { of: repository, tab: 'branches' });
    const branches = await host.objects(repository).branches();
    return context.html(
      page({ ...frame, title: `Branches · ${repository.name}` }, branchList(repository, branches)),
    );
  });
}

type Place = {
  readonly repository: Repository;
  readonly objects: Objects;
  readonly ref: string;
  readonly commit: string;
  readonly path: string;
  readonly found: StoredObject;
};

/** What the address points to; the repository alone when it has no such branch or file. */
async function findPlace(context: Context, host: Host): Promise<Place | Repository | null> {
  const repository = await repositoryOf(context, host);
  const query = placeQuery.safeParse(context.req.query());
  if (!repository || !query.success) return null;
  const objects = host.objects(repository);
  const { ref = repository.defaultBranch, path } = query.data;
  const commit = await objects.resolve(ref);
  const found = commit === null ? null : await objects.at(commit, path);
  return commit !== null && found ? { repository, objects, ref, commit, path, found } : repository;
}

async function showPlace(context: Context, host: Host) {
  const place = await findPlace(context, host);
  if (!place) return nothingHere(context);
  if (!('found' in place)) return showAbsence(context, host, place);
  const { repository, path } = place;
  const frame = repositoryFrame(context, host, { of: repository, tab: 'code' });
  const content = place.found.kind === 'blob' ? await showFile(place) : await showFolder(host, place);
  return context.html(
    page({ ...frame, title: path === '' ? repository.name : `${path} · ${repository.name}` }, content),
  );
}

async function showAbsence(context: Context, host: Host, repository: Repository) {
  const branches = await host.objects(repository).branches();
  if (branches.length > 0) return nothingHere(context, 'There is no such branch or file.');
  const frame = repositoryFrame(context, host, { of: repository, tab: 'code' });
  return context.html(page({ ...frame, title: repository.name }, emptyRepository(repository)));
}

async function showFolder(host: Host, { repository, objects, ref, commit, path, found }: Place) {
  const [branches, [latest], entries] = await Promise.all([
    objects.branches(),
    objects.commits({ of: commit, limit: 1 }),
    objects.tree(found.sha),
  ]);
  if (!latest) throw new Error(`no commit ${commit} in ${repository.name}`);
  const cloneUrl = `${host.url()}/${repository.name}.git`;
  const name = entries.find(
    (entry) => entry.kind === 'file' && /^readme(\.md|\.markdown)?$/i.test(entry.name),
  )?.name;
  const at = name === undefined ? null : await objects.at(commit, path === '' ? name : `${path}/${name}`);
  const isShown = name !== undefined && at !== null && at.size <= maxShownBytes;
  const readme = isShown ? { name, text: (await objects.blob(at.sha)).toString('utf8') } : null;
  return folderView({ repository, ref, path, branches, latest, entries, readme, cloneUrl });
}

async function showFile({ repository, objects, ref, path, found }: Place) {
  const branches = await objects.branches();
  return fileView({
    repository,
    ref,
    path,
    branches,
    size: found.size,
    content: await contentOf(objects, found),
  });
}

async function contentOf(objects: Objects, { sha, size }: StoredObject) {
  if (size > maxShownBytes) return { note: 'Too large to show here.' };
  const content = await objects.blob(sha);
  const isText = isUtf8(content) && !content.includes(0);
  return isText ? { text: content.toString('utf8') } : { note: 'Not a text.' };
}

const pictureTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

async function sendRaw(context: Context, host: Host) {
  const place = await findPlace(context, host);
  if (!place || !('found' in place) || place.found.kind !== 'blob') return nothingHere(context);
  const ending = place.path.split('.').at(-1)?.toLowerCase() ?? '';
  const content = await place.objects.blob(place.found.sha);
  // The files are anybody's: as a page of this origin, a file could act for the person who looks at it.
  return context.body(new Uint8Array(content), 200, {
    'content-type': pictureTypes[ending] ?? 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  });
}

async function showCommits(context: Context, host: Host) {
  const repository = await repositoryOf(context, host);
  const query = listQuery.safeParse(context.req.query());
  if (!repository || !query.success) return nothingHere(context);
  const objects = host.objects(repository);
  const { ref = repository.defaultBranch, page: number } = query.data;
  const of = await objects.resolve(ref);
  if (of === null) return showAbsence(context, host, repository);
  const commits = await objects.commits({ of, limit: commitsPerPage, skip: (number - 1) * commitsPerPage });
  const frame = repositoryFrame(context, host, { of: repository, tab: 'commits' });
  const link = (to: number, label: string) =>
    html`<a class="button" href="/${repository.name}/commits?${new URLSearchParams({ ref, page: String(to) }).toString()}">${label}</a>`;
  const content = html`<h1>Commits <code class="quiet">${ref}</code></h1>${commitList(repository, commits)}
    <nav class="buttons" aria-label="More">${number > 1 && link(number - 1, 'Newer')}${commits.length === commitsPerPage && link(number + 1, 'Older')}</nav>`;
  return context.html(page({ ...frame, title: `Commits · ${repository.name}` }, content));
}

async function showCommit(context: Context, host: Host) {
  const repository = await repositoryOf(context, host);
  if (!repository) return nothingHere(context);
  const objects = host.objects(repository);
  const sha = await objects.resolve(context.req.param('sha') ?? '');
  const [commit] = sha === null ? [] : await objects.commits({ of: sha, limit: 1 });
  if (!commit) return nothingHere(context, 'There is no such commit.');
  const from = commit.parents[0] ?? emptyTree;
  const diff = await readDiff({ git: host.git, path: repository.path, from, to: commit.sha });
  const frame = repositoryFrame(context, host, { of: repository, tab: 'commits' });
  return context.html(
    page({ ...frame, title: `${commit.subject} · ${repository.name}` }, commitView(repository, commit, diff)),
  );
}
