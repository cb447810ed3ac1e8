import { adoptHead, commitAll, diff, type Sandbox } from 'sandboxes';
import {
  type Actor,
  type ArtifactId,
  type Change,
  type FactOf,
  type RunId,
  requestOf,
  type SessionId,
  type Turn,
} from '../domain/index.ts';
import type { ArtifactStore } from '../ports.ts';
import { readProjectConfig } from './project-config.ts';
import { cut } from './text.ts';

export type SaveDeps = {
  readonly artifacts: ArtifactStore;
  readonly newIds: { readonly artifact: () => ArtifactId };
};

const CO_AUTHOR = { name: 'Deckhand', email: 'deckhand@users.noreply.deckhand.invalid' };

/** Commits everything that the agent left in the working copy and says what has changed since the base; null when nothing has. */
export async function saveWork(
  deps: SaveDeps,
  work: {
    readonly sessionId: SessionId;
    readonly sandbox: Sandbox;
    readonly baseSha: string;
    readonly turn: Turn;
    readonly title: string;
    readonly branch: string;
  },
): Promise<Change | null> {
  await commitAll(work.sandbox, {
    message: commitMessage(work.turn, work.title),
    author: authorOf(work.turn.requestedBy),
    coAuthor: CO_AUTHOR,
  });
  await adoptHead(work.sandbox, work.branch);
  return measureWork(deps, work);
}

/** What has been committed since the base, its patch kept as an artifact; null when nothing has. */
export async function measureWork(
  deps: SaveDeps,
  work: { readonly sessionId: SessionId; readonly sandbox: Sandbox; readonly baseSha: string },
): Promise<Change | null> {
  const { sandbox, baseSha, sessionId } = work;
  const { patch, files, headSha } = await diff(sandbox, { from: baseSha });
  if (headSha === baseSha || files.length === 0) return null;
  const artifactId = deps.newIds.artifact();
  await deps.artifacts.put(
    { artifactId, sessionId, name: 'changes.diff', mime: 'text/x-diff' },
    new TextEncoder().encode(patch),
  );
  return {
    headSha,
    baseSha,
    additions: sum(files.map((file) => file.additions)),
    deletions: sum(files.map((file) => file.deletions)),
    fileCount: files.length,
    files: files.slice(0, 200).map((file) => ({
      path: cut(file.path, 1000),
      status: file.status,
      additions: file.additions,
      deletions: file.deletions,
    })),
    patch: artifactId,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function authorOf(actor: Actor): { readonly name: string; readonly email: string } {
  if (actor.kind !== 'member') return CO_AUTHOR;
  return { name: actor.name, email: `${actor.id.toLowerCase()}@users.noreply.deckhand.invalid` };
}

function commitMessage(turn: Turn, title: string): string {
  const request = requestOf(turn.text).trim();
  const [first = ''] = request.split('\n');
  const subject = cut(first.trim() || title, 72);
  return request.length > subject.length ? `${subject}\n\n${cut(request, 4000)}` : subject;
}

/** A check's own time limit, in milliseconds. */
const CHECK_TIMEOUT_MS = 10 * 60_000;

/**
 * Runs the repository's checks and reports each as it ends. They are run by us, after the agent is done, so that a
 * result which is shown as a check is never the agent's word.
 */
export async function runChecks(
  run: {
    readonly sandbox: Sandbox;
    readonly baseSha: string;
    readonly runId: RunId;
    readonly signal: AbortSignal;
    readonly now: () => number;
  },
  report: (check: Omit<FactOf<'check.finished'>, 'type'>) => Promise<void>,
): Promise<void> {
  const { sandbox, runId, signal } = run;
  const { config, problem } = await readProjectConfig(sandbox, run.baseSha);
  if (problem)
    await report({
      runId,
      command: 'read .deckhand/config.yml',
      exitCode: 1,
      durationMs: 0,
      output: cut(problem, 4000),
    });
  for (const command of config.checks) {
    const startedAt = run.now();
    const result = await sandbox.exec(['bash', '-c', command], {
      timeoutMs: CHECK_TIMEOUT_MS,
      signal,
      maxOutput: 20_000,
    });
    signal.throwIfAborted();
    const said = `${result.stdout}${result.stderr}`.trim();
    const output = result.timedOut ? `${said}\n(stopped after ${CHECK_TIMEOUT_MS / 60_000} minutes)` : said;
    await report({
      runId,
      command,
      exitCode: result.exitCode,
      durationMs: run.now() - startedAt,
      output: output.slice(-4000),
    });
  }
}
