import { type Html, html } from './html.ts';
import { icon } from './icons.ts';
import { type PullPage, pullUrl } from './pull-page.ts';

/** What can be done with the pull request now. Merging takes two presses; the second one is the form. */
export function mergeBox({ pullRequest, trial, checks, repository }: PullPage): Html {
  const at = pullUrl(pullRequest);
  const act = (name: string, label: string) =>
    html`<form method="post" action="${at}/${name}"><button>${label}</button></form>`;
  if (pullRequest.state === 'merged') {
    return box(
      'merged',
      html`${icon('merge')}<div><b>Merged.</b> <span class="quiet">The changes are on <code>${pullRequest.base}</code>.</span></div>`,
    );
  }
  if (pullRequest.state === 'closed') {
    return box(
      'closed',
      html`${icon('cross')}<div><b>Closed without merging.</b></div><div class="push">${act('reopen', 'Reopen')}</div>`,
    );
  }
  if (pullRequest.draft) {
    return box(
      'draft',
      html`${icon('pull')}<div><b>This is a draft.</b> <span class="quiet">It can be merged when it is marked ready.</span></div>
      <div class="push">${act('ready', 'Ready for review')}${act('close', 'Close')}</div>`,
    );
  }
  if (trial !== null && 'conflicts' in trial) {
    return box(
      'conflict',
      html`${icon('cross')}<div><b>The branches are in conflict.</b>
      <p class="quiet">${pullRequest.base} and ${pullRequest.head} change the same lines. Bring the branch up to date first, for example by asking Deckhand to.</p>
      <ul class="conflicts">${trial.conflicts.map((file) => html`<li><code>${file}</code></li>`)}</ul></div><div class="push">${act('close', 'Close')}</div>`,
    );
  }
  if (trial === null) {
    return box(
      'conflict',
      html`${icon('cross')}<div><b>The branch ${pullRequest.base} is gone from ${repository.name}.</b></div><div class="push">${act('close', 'Close')}</div>`,
    );
  }
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const pending = checks.some(({ status }) => status === 'pending');
  return html`${box(
    failed > 0 ? 'conflict' : 'ready',
    html`${icon(failed > 0 ? 'cross' : 'check')}<div>${readiness({ failed, pending })}</div>
    <div class="push">${act('close', 'Close')}
    <details class="confirm"><summary class="button go">${icon('merge')}Merge…</summary>
      <form method="post" action="${at}/merge" class="menu"><input type="hidden" name="headSha" value="${pullRequest.headSha}">
      <p>Merge <code>${pullRequest.head}</code> into <code>${pullRequest.base}</code> with a merge commit?</p>
      <button class="go">Confirm merge</button></form></details></div>`,
  )}`;
}

function readiness({ failed, pending }: { failed: number; pending: boolean }): Html {
  if (failed > 0)
    return html`<b>A check failed.</b> <span class="quiet">It can be merged all the same; there are no conflicts.</span>`;
  if (pending) return html`<b>Checks are running.</b> <span class="quiet">There are no conflicts.</span>`;
  return html`<b>Ready to merge.</b> <span class="quiet">There are no conflicts.</span>`;
}

function box(kind: string, content: Html): Html {
  return html`<section class="merge-box box ${kind}" aria-label="Merge">${content}</section>`;
}
