import { type PullRequestReport, SYSTEM } from '../domain/index.ts';
import type { Logger } from '../platform/log.ts';
import type { CodeHost, PullRequestInfo, SessionList } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Writes into a session what people did with its pull request: merged, closed, opened again. */
export function followPullRequests(
  deps: {
    readonly codeHost: CodeHost;
    readonly sessions: SessionList;
    readonly engine: Engine;
    readonly logger: Logger;
  },
  signal: AbortSignal,
): void {
  deps.codeHost.followPullRequests(async (pullRequest) => {
    const sessionId = await deps.sessions.withPullRequest(pullRequest.repository, pullRequest.number);
    if (!sessionId) return;
    const done = await deps.engine.execute(sessionId, SYSTEM, {
      type: 'report_pull_request',
      report: reportOf(pullRequest),
    });
    deps.logger.debug(
      { sessionId, number: pullRequest.number, state: pullRequest.state, done },
      'pull request seen',
    );
  }, signal);
}

function reportOf(pullRequest: PullRequestInfo): PullRequestReport {
  const { number, url } = pullRequest;
  switch (pullRequest.state) {
    case 'merged':
      return { type: 'pull_request.merged', number, url, by: pullRequest.mergedBy ?? '' };
    case 'closed':
      return { type: 'pull_request.closed', number, url, by: pullRequest.closedBy ?? '' };
    case 'open':
      return { type: 'pull_request.reopened', number, url };
  }
}
