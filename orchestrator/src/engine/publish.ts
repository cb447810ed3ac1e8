import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleTo, SandboxError, type SandboxProvider } from 'sandboxes';
import { isRefused, type PullRequestReport, type SessionId, SYSTEM } from '../domain/index.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import type { Logger } from '../platform/log.ts';
import type { CodeHost, Mirror } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Idle } from './running.ts';
import { tryAgain } from './try-again.ts';

export type PublishDeps = {
  readonly engine: Engine;
  readonly faults: FaultPoints;
  readonly provider: SandboxProvider;
  readonly mirror: Mirror;
  readonly codeHost: CodeHost;
  readonly transferDir: string;
  readonly logger: Logger;
  readonly sessionUrl: (sessionId: SessionId) => string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** Brings the branch to the code host and opens the pull request, or brings an open one up to date. Ends in one report. */
export async function publish(
  deps: PublishDeps,
  sessionId: SessionId,
  session: Idle,
  signal: AbortSignal,
): Promise<void> {
  const published = await tryAgain({ ...deps, logger: deps.logger.child({ sessionId }) }, signal, async () =>
    publishOnce(deps, sessionId, session, signal),
  );
  if (published === 'aborted') return; // The next start publishes.
  const report: PullRequestReport =
    'failure' in published ? { type: 'pull_request.failed', ...published.failure } : published.value;
  const done = await deps.engine.execute(sessionId, SYSTEM, { type: 'report_pull_request', report });
  if (!isRefused(done)) return;
  // What was pushed is not what the log holds as the work: said once, and not tried again by itself.
  const detail = `the code host has another head than the work: ${JSON.stringify(report).slice(0, 500)}`;
  const failed = { type: 'pull_request.failed' as const, code: 'code_host.refused' as const, detail };
  await deps.engine.execute(sessionId, SYSTEM, { type: 'report_pull_request', report: failed });
}

async function publishOnce(
  deps: PublishDeps,
  sessionId: SessionId,
  session: Idle,
  signal: AbortSignal,
): Promise<PullRequestReport> {
  const headSha = await pushBranch(deps, sessionId, session, signal);
  await deps.faults.at('publish.after_push');
  const { repository, branch, baseBranch, publishing, pullRequest } = session;
  if (!publishing && pullRequest)
    return { type: 'pull_request.updated', number: pullRequest.number, url: pullRequest.url, headSha };
  const title = publishing?.title ?? session.title;
  const draft = publishing?.draft ?? false;
  const body = `${publishing?.body ?? ''}\n\n---\nMade by Deckhand for ${nameOf(session)}: [the whole session](${deps.sessionUrl(sessionId)})`;
  const opened = await deps.codeHost.openPullRequest(
    { repository, head: branch, base: baseBranch, title, body: body.trim(), draft },
    signal,
  );
  // Somebody reopened it on the code host before we had heard of that: it is the same one, and is followed again.
  if (opened.number === pullRequest?.number)
    return { type: 'pull_request.reopened', number: opened.number, url: opened.url };
  return { type: 'pull_request.opened', number: opened.number, url: opened.url, title, headSha, draft };
}

function nameOf(session: Idle): string {
  const by = session.publishing?.requestedBy ?? session.openedBy;
  return by.kind === 'member' ? by.name : 'the team';
}

async function pushBranch(
  deps: PublishDeps,
  sessionId: SessionId,
  session: Idle,
  signal: AbortSignal,
): Promise<string> {
  const { place, branch, repository } = session;
  const sandbox = place ? await deps.provider.get(place.sandboxId, signal) : null;
  if (!place || !sandbox)
    throw new SandboxError('sandbox.gone', 'the sandbox with the work is gone', { retryable: false });
  await mkdir(deps.transferDir, { recursive: true });
  const bundle = join(deps.transferDir, `${sessionId}.out.bundle`);
  try {
    await sandbox.start(signal);
    await bundleTo(sandbox, { from: place.baseSha, branch, hostPath: bundle });
    const { headSha } = await deps.mirror.push({ repository, branch, bundle }, signal);
    return headSha;
  } finally {
    await rm(bundle, { force: true });
  }
}
