import type { PullRequestView } from '../thread-view/thread-state.ts';
import { ACTION } from './action-ids.ts';
import { actions, contextLine, linkButton, type MessageContent, message, section } from './blocks.ts';
import { count } from './duration.ts';
import { code, link, mrkdwn } from './text.ts';

/** The card of a pull request, edited as it goes on. */
export function pullRequestMessage(pullRequest: PullRequestView, repository: string): MessageContent {
  const name = `#${pullRequest.number} ${pullRequest.title}`;
  const state = stateOf(pullRequest);
  return message(`Pull request ${mrkdwn(name, 300)}: ${state}`, [
    section(`*${link(pullRequest.url, name)}*`),
    contextLine([
      state,
      code(repository),
      `head ${code(pullRequest.headSha.slice(0, 7))}`,
      pullRequest.updates > 0 ? `${count(pullRequest.updates, 'update')} since` : null,
    ]),
    ...(pullRequest.state === 'open'
      ? actions([linkButton({ label: 'Review', actionId: ACTION.openPullRequest, url: pullRequest.url })])
      : []),
  ]);
}

function stateOf(pullRequest: PullRequestView): string {
  const by = pullRequest.by ? ` by ${mrkdwn(pullRequest.by, 100)}` : '';
  switch (pullRequest.state) {
    case 'open':
      return pullRequest.draft ? 'draft, waiting for review' : 'open, waiting for review';
    case 'merged':
      return `*merged*${by}`;
    case 'closed':
      return `*closed*${by} without merging`;
  }
}
