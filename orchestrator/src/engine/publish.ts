import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleTo, SandboxError, type SandboxProvider } from 'sandboxes';
import { type OpenSession, type PullRequestReport, type SessionId, SYSTEM } from '../domain/index.ts';
import type { FaultPoints } from '../platform/fault-points.ts';
import type { Logger } from '../platform/log.ts';
import type { CodeHost, Mirror } from '../ports.ts';
import type { Engine } from './engine.ts';
import { failureOf } from './failure.ts';

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

type IdleSession = Extract<OpenSession, { status: 'idle' }>;

/** Waits between the tries of one publication, in milliseconds. */
const TRIES_WAIT_MS = [1_000, 5_000, 20_000];

/** Brings the branch to the code host and opens the pull request, or brings an open one up to date. Ends in one report. */
export async function publish(
  deps: PublishDeps,
  sessionId: SessionId,
  session: IdleSession,
  signal: AbortSignal,
): Promise<void> {
  const log = deps.logger.child({ sessionId });
  for (let tries = 0; ; tries++) {
    try {
      const report = await publishOnce(deps, sessionId, session, signal);
      await deps.engine.execute(sessionId, SYSTEM, { type: 'report_pull_request', report });
      return;
    } catch (error) {
      if (signal.aborted) return; // The next start publishes.
      const failure = failureOf(error);
      const waitMs = TRIES_WAIT_MS[tries];
      const retryable = error instanceof Error && 'retryable' in error && error.retryable === true;
      if (retryable && waitMs !== undefined) {
        log.warn({ err: error, waitMs }, 'publication failed, trying again');
        await deps.sleep(waitMs, signal);
        continue;
      }
      log.error({ err: error, code: failure.code }, 'publication failed');
      await deps.engine.execute(sessionId, SYSTEM, {
        type: 'report_pull_request',
        report: { type: 'pull_request.failed', ...failure, detail: failure.detail.slice(0, 2000) },
      });
      return;
    }
  }
}

async function publishOnce(
  deps: PublishDeps,
  sessionId: SessionId,
  session: IdleSession,
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
  return { type: 'pull_request.opened', number: opened.number, url: opened.url, title, headSha, draft };
}

function nameOf(session: IdleSession): string {
  const by = session.publishing?.requestedBy ?? session.openedBy;
  return by.kind === 'member' ? by.name : 'the team';
}

async function pushBranch(
  deps: PublishDeps,
  sessionId: SessionId,
  session: IdleSession,
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
