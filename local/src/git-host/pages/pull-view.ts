import { countLines } from '../diff.ts';
import type { Check, Comment, PullRequest } from '../pull-request-store.ts';
import type { Repository } from '../repositories.ts';
import { diffView, lineCounts } from './diff-view.ts';
import { type Html, html } from './html.ts';
import { type IconName, icon } from './icons.ts';
import { ago, avatar, plural } from './layout.ts';
import { markdown } from './markdown.ts';
import { mergeBox } from './merge-box.ts';
import { type PullPage, pullUrl } from './pull-page.ts';
import { commitList, filesUrl } from './repository-view.ts';

/** The page of one pull request. */
export function pullView(shown: PullPage): Html {
  const { pullRequest, repository, commits, comments, diff, notice } = shown;
  return html`<article class="pull">
    <header class="pull-head">
      <h1>${pullRequest.title} <span class="quiet number">#${pullRequest.number}</span></h1>
      <p class="pull-meta">${statePill(pullRequest)} <span>${summaryLine(shown)}</span></p>
    </header>
    ${notice !== null && html`<p class="notice" role="alert">Nothing was changed: ${notice}.</p>`}
    <div class="columns">
      <div class="conversation">
        ${entry({ author: pullRequest.author, at: pullRequest.createdAt, verb: 'opened this' }, bodyOf(pullRequest))}
        <section aria-label="Commits"><h2 class="section">${plural(commits.length, 'commit')}</h2>${commitList(repository, commits)}</section>
        ${comments.map(commentView)}
        ${mergeBox(shown)}
        ${commentForm(shown)}
      </div>
      ${sidebar(shown)}
    </div>
    ${diffView(diff)}
  </article>`;
}

function summaryLine({ pullRequest, commits, repository }: PullPage): Html {
  const { author, mergedBy, state, base, head, mergedAt } = pullRequest;
  const branch = (name: string) =>
    html`<a class="branch" href="${filesUrl(repository, name, '')}">${name}</a>`;
  const what = plural(commits.length, 'commit');
  if (state === 'merged') {
    return html`<b>${mergedBy}</b> merged ${what} into ${branch(base)} from <span class="branch">${head}</span> ${mergedAt && ago(mergedAt)}`;
  }
  return html`<b>${author}</b> wants to merge ${what} into ${branch(base)} from ${branch(head)}`;
}

function bodyOf({ body }: PullRequest): Html {
  return body.trim() === '' ? html`<p class="quiet">No description.</p>` : markdown(body);
}

type Entry = { readonly author: string; readonly at: string; readonly verb: string };

function entry({ author, at, verb }: Entry, content: Html): Html {
  return html`<section class="entry box"><div class="box-head">${avatar(author)}<b>${author}</b><span class="quiet">${verb} ${ago(at)}</span></div>
    <div class="prose inside">${content}</div></section>`;
}

function commentView({ kind, author, body, createdAt }: Comment): Html {
  if (kind === 'comment') return entry({ author, at: createdAt, verb: 'commented' }, markdown(body));
  return html`<div class="note">${icon('commit')}<b>${author}</b> <span class="prose">${markdown(body)}</span> <span class="quiet">${ago(createdAt)}</span></div>`;
}

function commentForm({ pullRequest, person }: PullPage): Html {
  return html`<form method="post" action="${pullUrl(pullRequest)}/comment" class="comment-form box">
    <div class="box-head">${avatar(person)}<b>${person}</b></div>
    <div class="inside"><label class="hidden" for="comment">Comment</label>
    <textarea id="comment" name="body" rows="4" required placeholder="Say something. Markdown works."></textarea>
    <div class="buttons"><button class="primary">Comment</button></div></div></form>`;
}

function sidebar({ pullRequest, checks, diff }: PullPage): Html {
  const session = sessionLink(pullRequest);
  return html`<aside class="side">
    ${session && html`<section><h2>Deckhand</h2><a class="button session" href="${session}" rel="noreferrer">${icon('anchor')}Open the session</a></section>`}
    <section><h2>Checks</h2>${checks.length === 0 ? html`<p class="quiet">None for the last commit.</p>` : html`<ul class="checks">${checks.map(checkView)}</ul>`}</section>
    <section><h2>Changes</h2><p>${plural(diff.files.length, 'file')} ${lineCounts(countLines(diff.files))}</p></section>
  </aside>`;
}

const checkIcons = {
  pending: 'clock',
  passed: 'check',
  failed: 'cross',
  skipped: 'skip',
} as const satisfies Record<Check['status'], IconName>;

function checkView({ name, status, summary }: Check): Html {
  return html`<li class="check ${status}">${icon(checkIcons[status])}<div><b>${name}</b> <span class="quiet">${status}</span>
    ${summary && html`<p class="quiet">${summary}</p>`}</div></li>`;
}

/** The pull requests of a repository. */
export function pullList(input: {
  repository: Repository;
  state: PullRequest['state'];
  pullRequests: readonly PullRequest[];
  counts: Readonly<Record<PullRequest['state'], number>>;
}): Html {
  const { repository, state, pullRequests, counts } = input;
  const filter = (name: PullRequest['state'], label: string) =>
    html`<a href="/${repository.name}/pulls?state=${name}"${name === state && html` aria-current="page"`}>${label} <span class="count">${counts[name]}</span></a>`;
  return html`<h1>Pull requests</h1>
    <nav class="filters" aria-label="State">${filter('open', 'Open')}${filter('merged', 'Merged')}${filter('closed', 'Closed')}</nav>
    ${pullRequests.length === 0 ? html`<p class="box inside quiet">No ${state} pull requests.</p>` : html`<ul class="rows box">${pullRequests.map(listed)}</ul>`}`;
}

function listed(pullRequest: PullRequest): Html {
  return html`<li class="pull-row">${statePill(pullRequest)}<div><a class="subject" href="${pullUrl(pullRequest)}">${pullRequest.title}</a>
    <p class="quiet">#${pullRequest.number} by ${pullRequest.author} ${ago(pullRequest.createdAt)} · <code>${pullRequest.head}</code> → <code>${pullRequest.base}</code></p></div></li>`;
}

const stateIcons = { open: 'pull', draft: 'pull', merged: 'merge', closed: 'cross' } as const;

function statePill({ state, draft }: PullRequest): Html {
  const shown = state === 'open' && draft ? 'draft' : state;
  return html`<span class="pill ${shown}">${icon(stateIcons[shown])}${shown}</span>`;
}

/** Where the Deckhand session is: as given with the pull request, else the first session link of its text. */
function sessionLink({ sessionUrl, body }: PullRequest): string | null {
  if (sessionUrl !== null) return sessionUrl;
  return /https?:\/\/[^\s)<>"'\]]+\/sessions\/[\w-]+/.exec(body)?.[0] ?? null;
}
