import type { Branch, Commit, TreeEntry } from '../objects.ts';
import type { Repository } from '../repositories.ts';
import { type Html, html } from './html.ts';
import { icon } from './icons.ts';
import { ago, avatar, plural } from './layout.ts';
import { type LinkBase, markdown } from './markdown.ts';

/** The list of repositories, the first page. */
export function repositoryList(
  repositories: readonly { repository: Repository; latest: Branch | null; openCount: number }[],
): Html {
  if (repositories.length === 0) {
    return html`<section class="empty"><h1>No repositories yet</h1><p>They appear here when Deckhand makes one.</p></section>`;
  }
  return html`<h1>Repositories</h1><ul class="cards">${repositories.map(
    ({ repository, latest, openCount }) => {
      return html`<li class="card"><h2><a href="/${repository.name}">${repository.name}</a></h2>
      ${repository.description && html`<p>${repository.description}</p>`}
      <p class="quiet meta">${latest && html`<span>Updated ${ago(latest.committedAt)}</span>`}
      <a href="/${repository.name}/pulls">${icon('pull')}${plural(openCount, 'open pull request')}</a></p></li>`;
    },
  )}</ul>`;
}

/** The address of a folder or file of a branch or commit. */
export function filesUrl(repository: Repository, ref: string, path: string): string {
  return `/${repository.name}/files?${new URLSearchParams({ ref, ...(path && { path }) })}`;
}

/** Where the relative links of a text in the repository's root lead. */
function linkBase(repository: Repository, ref: string): LinkBase {
  return {
    page: (path) => filesUrl(repository, ref, path),
    picture: (path) => `/${repository.name}/raw?${new URLSearchParams({ ref, path })}`,
  };
}

export type FolderInput = {
  readonly repository: Repository;
  readonly ref: string;
  readonly path: string;
  readonly branches: readonly Branch[];
  readonly latest: Commit;
  readonly entries: readonly TreeEntry[];
  readonly cloneUrl: string;
  readonly readme: { readonly name: string; readonly text: string } | null;
};

/** A folder of the repository with its README. */
export function folderView(input: FolderInput): Html {
  const { repository, ref, path, branches, latest, entries, readme, cloneUrl } = input;
  const parent = path.split('/').slice(0, -1).join('/');
  const up =
    path &&
    html`<tr><td><a href="${filesUrl(repository, ref, parent)}">${icon('folder')}..</a></td><td></td></tr>`;
  return html`${path === '' && repository.description !== '' && html`<p class="lead">${repository.description}</p>`}
    <div class="bar">${branchMenu(repository, ref, branches)}${pathCrumbs(repository, ref, path)}${path === '' && cloneMenu(cloneUrl)}</div>
    <section class="box">
      <div class="box-head">${avatar(latest.author)}<b>${latest.author}</b>
        <a class="subject" href="/${repository.name}/commit/${latest.sha}">${latest.subject}</a>
        <span class="quiet push"><code>${latest.sha.slice(0, 7)}</code> ${ago(latest.authoredAt)}</span></div>
      <table class="entries"><tbody>${up}${entries.map((entry) => entryRow(entry, { repository, ref, path }))}</tbody></table>
    </section>
    ${
      readme &&
      html`<section class="box"><div class="box-head">${icon('file')}<b>${readme.name}</b></div>
      <div class="prose inside">${markdown(readme.text, linkBase(repository, ref))}</div></section>`
    }`;
}

type At = { readonly repository: Repository; readonly ref: string; readonly path: string };

function entryRow(entry: TreeEntry, { repository, ref, path }: At): Html {
  const full = path === '' ? entry.name : `${path}/${entry.name}`;
  const label = html`${icon(entry.kind === 'folder' ? 'folder' : 'file')}${entry.name}`;
  const isOpenable = entry.kind !== 'submodule';
  return html`<tr><td>${isOpenable ? html`<a href="${filesUrl(repository, ref, full)}">${label}</a>` : label}</td>
    <td class="quiet size">${entry.size === null ? '' : bytes(entry.size)}</td></tr>`;
}

export type FileInput = At & {
  readonly branches: readonly Branch[];
  readonly size: number;
  readonly content: { readonly text: string } | { readonly note: string };
};

/** One file with numbered lines; markdown is rendered. */
export function fileView(input: FileInput): Html {
  const { repository, ref, path, branches, size, content } = input;
  const raw = `/${repository.name}/raw?${new URLSearchParams({ ref, path })}`;
  const lines = 'text' in content ? content.text.replace(/\n$/, '').split('\n') : [];
  return html`<div class="bar">${branchMenu(repository, ref, branches)}${pathCrumbs(repository, ref, path)}</div>
    <section class="box"><div class="box-head">${icon('file')}<b class="path">${path.split('/').at(-1) ?? ''}</b>
      <span class="quiet push">${'text' in content && `${plural(lines.length, 'line')} · `}${bytes(size)} · <a href="${raw}">raw</a></span></div>
    ${'note' in content && html`<p class="quiet inside">${content.note}</p>`}
    ${'text' in content && textView(path, content.text, { lines, base: linkBase(repository, ref) })}</section>`;
}

function textView(
  path: string,
  text: string,
  { lines, base }: { lines: readonly string[]; base: LinkBase },
): Html {
  if (/\.(md|markdown)$/i.test(path)) return html`<div class="prose inside">${markdown(text, base)}</div>`;
  return html`<table class="lines"><tbody>${lines.map((line, index) => {
    return html`<tr id="L${index + 1}"><td class="n" data-n="${index + 1}"></td><td class="t">${line}</td></tr>`;
  })}</tbody></table>`;
}

function branchMenu(repository: Repository, ref: string, branches: readonly Branch[]): Html {
  return html`<details class="dropdown"><summary>${icon('branch')}<code>${ref}</code></summary>
    <ul class="menu">${branches.map(({ name }) => {
      return html`<li><a href="${filesUrl(repository, name, '')}"${name === ref && html` aria-current="true"`}>${name}</a></li>`;
    })}</ul></details>`;
}

function pathCrumbs(repository: Repository, ref: string, path: string): Html | null {
  if (path === '') return null;
  const parts = path.split('/');
  const root = html`<a href="${filesUrl(repository, ref, '')}">${repository.name.split('/')[1] ?? ''}</a>`;
  const steps = parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    const href = filesUrl(repository, ref, parts.slice(0, index + 1).join('/'));
    return html`<span class="slash">/</span>${isLast ? html`<b>${part}</b>` : html`<a href="${href}">${part}</a>`}`;
  });
  return html`<nav class="path-crumbs path" aria-label="Path">${root}${steps}</nav>`;
}

function cloneMenu(cloneUrl: string): Html {
  return html`<details class="dropdown right"><summary class="primary">Clone</summary><div class="menu wide">
    <p>Any name, and as the password the token from the file <code>token</code> in this host's data folder.</p>
    <pre>git clone ${cloneUrl}</pre></div></details>`;
}

/** What a repository without a commit shows. */
export function emptyRepository({ name }: Repository): Html {
  return html`<section class="empty"><h1>${name} is empty</h1><p>Its files appear with the first push.</p></section>`;
}

/** The branches with their last commits. */
export function branchList(repository: Repository, branches: readonly Branch[]): Html {
  return html`<h1>Branches</h1><ul class="rows box">${branches.map((branch) => {
    return html`<li><div>${icon('branch')}<a href="${filesUrl(repository, branch.name, '')}"><code>${branch.name}</code></a>
      ${branch.name === repository.defaultBranch && html`<span class="tag">default</span>`}</div>
      <p class="quiet"><a href="/${repository.name}/commit/${branch.sha}">${branch.subject}</a> · ${ago(branch.committedAt)}</p></li>`;
  })}</ul>`;
}

/** Commits, newest first. */
export function commitList(repository: Repository, commits: readonly Commit[]): Html {
  return html`<ul class="rows box">${commits.map((commit) => {
    return html`<li class="commit">${avatar(commit.author)}<div><a class="subject" href="/${repository.name}/commit/${commit.sha}">${commit.subject}</a>
      <p class="quiet">${commit.author} · ${ago(commit.authoredAt)}</p></div><code class="quiet">${commit.sha.slice(0, 7)}</code></li>`;
  })}</ul>`;
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(1)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
