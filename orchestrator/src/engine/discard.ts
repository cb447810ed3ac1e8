import { headSha, isAncestor, resetTo, type Sandbox, SandboxError, type SandboxProvider } from 'sandboxes';
import { type DiscardReport, type SessionId, SYSTEM } from '../domain/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Engine } from './engine.ts';
import type { Idle } from './running.ts';
import { measureWork, type SaveDeps } from './save-work.ts';
import { tryAgain } from './try-again.ts';

type DiscardDeps = SaveDeps & {
  readonly engine: Engine;
  readonly provider: SandboxProvider;
  readonly logger: Logger;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** Takes back the work of the turn that was stopped last. Ends in one report, but when the signal aborts. */
export async function discard(
  deps: DiscardDeps,
  sessionId: SessionId,
  session: Idle,
  signal: AbortSignal,
): Promise<void> {
  const turnId = session.discardable?.turnId;
  if (!turnId) return;
  const done = await tryAgain(
    { ...deps, logger: deps.logger.child({ sessionId, turnId }) },
    signal,
    async () => discardOnce(deps, sessionId, session, signal),
  );
  if (done === 'aborted') return; // The next start discards.
  const report: DiscardReport =
    'failure' in done ? { type: 'work.discard_failed', turnId, ...done.failure } : done.value;
  await deps.engine.execute(sessionId, SYSTEM, { type: 'report_discard', report });
}

async function discardOnce(
  deps: DiscardDeps,
  sessionId: SessionId,
  session: Idle,
  signal: AbortSignal,
): Promise<DiscardReport> {
  const { place, discardable } = session;
  const sandbox = place ? await deps.provider.get(place.sandboxId, signal) : null;
  if (!place || !sandbox || !discardable)
    throw new SandboxError('sandbox.gone', 'the sandbox with the work is gone', { retryable: false });
  await sandbox.start(signal);
  const target = await targetOf(sandbox, { startSha: discardable.startSha, session });
  await resetTo(sandbox, target);
  const change = await measureWork(deps, { sessionId, sandbox, baseSha: place.baseSha });
  const { turnId } = discardable;
  return { type: 'work.discarded', turnId, headSha: target, ...(change && { change }) };
}

/** Where the turn began, but never behind what was pushed: others may build on that already. */
async function targetOf(
  sandbox: Sandbox,
  { startSha, session }: { readonly startSha: string; readonly session: Idle },
): Promise<string> {
  const pushed = session.pullRequest?.headSha;
  if (!pushed || !(await isAncestor(sandbox, startSha, pushed))) return startSha;
  return (await isAncestor(sandbox, pushed, await headSha(sandbox))) ? pushed : startSha;
}
