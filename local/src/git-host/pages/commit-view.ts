import type { Diff } from '../diff.ts';
import type { Commit } from '../objects.ts';
import type { Repository } from '../repositories.ts';
import { diffView } from './diff-view.ts';
import { type Html, html } from './html.ts';
import { ago, avatar } from './layout.ts';

/** One commit with what it changed against its first parent. */
export function commitView(repository: Repository, commit: Commit, diff: Diff): Html {
  const parents = commit.parents.map(
    (sha) => html` <a href="/${repository.name}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a>`,
  );
  return html`<header class="pull-head"><h1>${commit.subject}</h1>
    <p class="pull-meta">${avatar(commit.author)}<span><b>${commit.author}</b> <span class="quiet">${ago(commit.authoredAt)} · <code>${commit.sha.slice(0, 10)}</code>
    ${parents.length > 0 && html`· after${parents}`}</span></span></p></header>
    ${commit.body !== '' && html`<pre class="message box inside">${commit.body}</pre>`}
    ${diffView(diff)}`;
}
