import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentRuntime, AgentSession, Sandbox, SandboxProvider } from 'sandboxes';
import { cloneFromBundle, hasClone, headSha, restartBranch } from 'sandboxes';
import type { OpenSession, RunId, SessionId, Trace } from '../domain/index.ts';
import type { Mirror, ModelAccess } from '../ports.ts';
import { instructions } from './prompt.ts';
import { removeStaleLock } from './silence.ts';

export type PlaceDeps = {
  readonly provider: SandboxProvider;
  readonly runtime: AgentRuntime;
  readonly mirror: Mirror;
  readonly model: ModelAccess;
  /** A folder of the host for bundles on their way. */
  readonly transferDir: string;
};

/** Where a run happens: a sandbox with a clone, and the conversation with the agent in it. */
export type ReadyPlace = {
  readonly sandbox: Sandbox;
  readonly agent: Agent;
  readonly conversation: AgentSession;
  readonly baseSha: string;
  /** What is checked out before the run changes anything. */
  readonly startSha: string;
  /** Whether the agent still knows what was said before. */
  readonly resumed: boolean;
  /** Whether an earlier run's sandbox is gone, and with it what had not been saved. */
  readonly placeLost: boolean;
};

type Run = {
  readonly sessionId: SessionId;
  readonly runId: RunId;
  readonly session: OpenSession;
  readonly signal: AbortSignal;
  readonly onProgress: (step: Extract<Trace, { type: 'run.progressed' }>['step']) => Promise<void>;
};

/** Finds the session's sandbox or makes one, fills it, and starts the agent in it. */
export async function preparePlace(deps: PlaceDeps, run: Run): Promise<ReadyPlace> {
  const { session, signal } = run;
  await run.onProgress('sandbox');
  const known = await findSandbox(deps.provider, run);
  const sandbox = known ?? (await deps.provider.create({ labels: labelsOf(run), env: {} }, signal));
  signal.throwIfAborted();
  await sandbox.start(signal);
  const baseSha = await ensureClone(deps, run, sandbox);
  const startSha = await headSha(sandbox);
  signal.throwIfAborted();
  await run.onProgress('agent');
  const model = deps.model.forSession(run.sessionId);
  const agent = await deps.runtime.start({ sandbox, model, instructions: instructions(session) }, signal);
  if (signal.aborted) {
    // It was ready a moment too late: nobody will use it.
    await agent.close();
    signal.throwIfAborted();
  }
  const before = known && session.place ? await agent.resume(session.place.agentSessionId) : null;
  const conversation = before ?? (await agent.open({ title: session.title }));
  const placeLost = session.place !== null && known === null;
  return { sandbox, agent, conversation, baseSha, startSha, resumed: before !== null, placeLost };
}

function labelsOf(run: Run): Record<string, string> {
  return { session: run.sessionId, repository: run.session.repository };
}

/** The sandbox of this session; also one that was made just before a crash and never got into the log. */
export async function findSandbox(
  provider: SandboxProvider,
  run: Pick<Run, 'sessionId' | 'session' | 'signal'>,
): Promise<Sandbox | null> {
  const { place } = run.session;
  if (place) {
    const sandbox = await provider.get(place.sandboxId, run.signal);
    if (sandbox) return sandbox;
  }
  for await (const info of provider.list({ session: run.sessionId }, run.signal)) {
    const sandbox = await provider.get(info.id, run.signal);
    if (sandbox) return sandbox;
  }
  return null;
}

/** The commit from which the work is counted, of a checkout that is there and up to date. */
async function ensureClone(deps: PlaceDeps, run: Run, sandbox: Sandbox): Promise<string> {
  const { session, signal } = run;
  const { branch, baseBranch: base } = session;
  if (await hasClone(sandbox)) {
    await removeStaleLock(sandbox);
    if (!(await isAllMerged(sandbox, session)))
      return session.place?.baseSha ?? startOfWork(sandbox, session);
    return withBundle(deps, run, async ({ bundlePath, baseHead }) => {
      await restartBranch(sandbox, { bundlePath, branch, base }, signal);
      return baseHead;
    });
  }
  return withBundle(deps, run, async ({ bundlePath, baseSha }) => {
    const originUrl = `https://deckhand.invalid/${session.repository}.git`;
    await cloneFromBundle(sandbox, { bundlePath, branch, base, originUrl });
    return baseSha;
  });
}

/** Whether the pull request was merged with all that the checkout holds: what comes next begins at the base's new head. */
async function isAllMerged(sandbox: Sandbox, { pullRequest }: OpenSession): Promise<boolean> {
  return pullRequest?.state === 'merged' && (await headSha(sandbox)) === pullRequest.headSha;
}

type Bundle = { readonly bundlePath: string; readonly baseSha: string; readonly baseHead: string };

async function withBundle<T>(deps: PlaceDeps, run: Run, use: (bundle: Bundle) => Promise<T>): Promise<T> {
  const { repository, baseBranch: base, branch } = run.session;
  await run.onProgress('clone');
  await mkdir(deps.transferDir, { recursive: true });
  const bundlePath = join(deps.transferDir, `${run.runId}.in.bundle`);
  try {
    const { baseSha, baseHead } = await deps.mirror.bundle(
      { repository, base, branch, into: bundlePath },
      run.signal,
    );
    return await use({ bundlePath, baseSha, baseHead });
  } finally {
    await rm(bundlePath, { force: true });
  }
}

/** A clone was made just before a crash: the work is counted from where the base branch stood then. */
async function startOfWork(sandbox: Sandbox, session: OpenSession): Promise<string> {
  const found = await sandbox.exec(
    ['git', 'merge-base', 'HEAD', `refs/remotes/origin/${session.baseBranch}`],
    { timeoutMs: 10_000 },
  );
  return found.stdout.trim();
}
