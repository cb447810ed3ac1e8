import { join } from 'node:path';
import { SandboxError } from './errors.ts';
import type { ExecResult, Sandbox } from './provider.ts';

/** Git inside a sandbox. No credential ever gets there: commits go in and out as bundles. */

export type ClonePlan = {
  /** On the host: a git bundle that holds `base`. */
  readonly bundlePath: string;
  /** The branch to work on. Taken from the bundle when it is there, begun at `base` otherwise. */
  readonly branch: string;
  /** A branch or commit in the bundle. */
  readonly base: string;
  /** Shown as origin; without credentials, and never contacted by us. */
  readonly originUrl: string;
};

export type CommitPlan = {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Named at the end of the message. */
  readonly coAuthor?: { readonly name: string; readonly email: string };
};

const gitTimeoutMs = 120_000;

/**
 * A checkout may bring configuration that runs programs: none of it is followed. `safe.directory` lets git work in a
 * folder whose owner is another user, as it is in some sandboxes.
 */
const distrust = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.ext.allow=never',
  'safe.directory=*',
].flatMap((setting) => ['-c', setting]);

type GitOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
};

/** Runs git in the workspace, deaf to what the checkout configures. Any exit code is a result. */
export async function git(
  sandbox: Sandbox,
  args: readonly string[],
  options: GitOptions = {},
): Promise<ExecResult> {
  const result = await sandbox.exec(['git', ...distrust, ...args], {
    cwd: sandbox.paths.workspace,
    timeoutMs: gitTimeoutMs,
    maxOutput: 50_000_000,
    ...options,
    env: { GIT_OPTIONAL_LOCKS: '0', GIT_EDITOR: 'true', LC_ALL: 'C.UTF-8', ...options.env },
  });
  if (result.timedOut) throw gitFailed(args, `no end after ${gitTimeoutMs} ms`);
  return result;
}

/** As `git`, but throws `sandbox.exec_failed` for an exit code other than 0, and returns what it printed. */
export async function gitOutput(
  sandbox: Sandbox,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await git(sandbox, args, options);
  if (exitCode !== 0) throw gitFailed(args, stderr.trim() || stdout.trim());
  return stdout;
}

/** Makes the checkout from a bundle of the host, in place of whatever a broken attempt left. Refuses to replace a finished one. */
export async function cloneFromBundle(
  sandbox: Sandbox,
  plan: ClonePlan,
  signal?: AbortSignal,
): Promise<void> {
  const bundle = join(sandbox.paths.runtime, 'clone.bundle');
  const options: GitOptions = signal ? { signal } : {};
  const run = (...args: string[]) => gitOutput(sandbox, args, options);
  if (await hasClone(sandbox)) throw gitFailed(['clone'], 'the workspace holds a checkout already');
  await sandbox.exec(['find', sandbox.paths.workspace, '-mindepth', '1', '-delete']);
  await sandbox.upload(plan.bundlePath, bundle, signal);
  try {
    await run('init', '-q', '--template=', `--initial-branch=${plan.branch}`);
    await run('remote', 'add', 'origin', withoutCredentials(plan.originUrl));
    await run('fetch', '-q', '--no-tags', bundle, '+refs/heads/*:refs/remotes/origin/*');
    const hasBranch = await exists(sandbox, `refs/remotes/origin/${plan.branch}`);
    const start = hasBranch ? `refs/remotes/origin/${plan.branch}` : await resolveBase(sandbox, plan.base);
    // Without a folder for hooks and excludes, as no template was used, git itself makes neither.
    await sandbox.writeFile(join(sandbox.paths.workspace, '.git/info/exclude'), '.artifacts/\n');
    await run('checkout', '-q', '--no-track', '-B', plan.branch, start);
    await sandbox.writeFile(clonedMarker(sandbox), '');
  } finally {
    await sandbox.exec(['rm', '-f', bundle]);
  }
}

/**
 * Begins the branch anew at `base`, as a bundle of the host has it: what was on the branch is in there already. Changes
 * that are not committed must have been saved before.
 */
export async function restartBranch(
  sandbox: Sandbox,
  plan: Omit<ClonePlan, 'originUrl'>,
  signal?: AbortSignal,
): Promise<void> {
  const bundle = join(sandbox.paths.runtime, 'refresh.bundle');
  const options: GitOptions = signal ? { signal } : {};
  await sandbox.upload(plan.bundlePath, bundle, signal);
  try {
    await gitOutput(
      sandbox,
      ['fetch', '-q', '--no-tags', bundle, '+refs/heads/*:refs/remotes/origin/*'],
      options,
    );
    const start = await resolveBase(sandbox, plan.base);
    await gitOutput(sandbox, ['checkout', '-q', '--no-track', '-B', plan.branch, start], options);
  } finally {
    await sandbox.exec(['rm', '-f', bundle]);
  }
}

/**
 * Makes the branch what is checked out, wherever the agent has gone (another branch, no branch at all): only what is on
 * the branch leaves the sandbox. An earlier tip that would be left behind is kept under `refs/deckhand/kept/`.
 */
export async function adoptHead(sandbox: Sandbox, branch: string): Promise<void> {
  const current = await git(sandbox, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (current.stdout.trim() === branch) return;
  const tip = (await git(sandbox, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`])).stdout.trim();
  if (tip) {
    const isBehind = (await git(sandbox, ['merge-base', '--is-ancestor', tip, 'HEAD'])).exitCode === 0;
    if (!isBehind) await gitOutput(sandbox, ['update-ref', `refs/deckhand/kept/${tip}`, tip]);
  }
  await gitOutput(sandbox, ['checkout', '-q', '--no-track', '-B', branch]);
}

/** Whether the workspace holds a checkout that was made to its end. */
export async function hasClone(sandbox: Sandbox): Promise<boolean> {
  try {
    await sandbox.readFile(clonedMarker(sandbox));
  } catch (error) {
    if (error instanceof SandboxError && error.code === 'sandbox.file_not_found') return false;
    throw error;
  }
  return (await git(sandbox, ['rev-parse', '--verify', '-q', 'HEAD'])).exitCode === 0;
}

/**
 * Commits all that changed, untracked files included. Without a change nothing is committed and `sha` is that of the
 * last commit.
 */
export async function commitAll(
  sandbox: Sandbox,
  plan: CommitPlan,
): Promise<{ sha: string; changed: boolean }> {
  await gitOutput(sandbox, ['add', '--all', '--', '.']);
  const staged = await git(sandbox, ['diff', '--cached', '--quiet', '--no-ext-diff', '--no-textconv']);
  if (staged.exitCode === 0) return { sha: await headSha(sandbox), changed: false };
  const { name, email } = plan.author;
  const { coAuthor } = plan;
  const trailer = coAuthor ? `\n\nCo-authored-by: ${coAuthor.name} <${coAuthor.email}>` : '';
  await gitOutput(
    sandbox,
    [
      'commit',
      '-q',
      '--no-verify',
      '--no-gpg-sign',
      '--cleanup=whitespace',
      '-m',
      `${plan.message.trimEnd()}${trailer}`,
    ],
    {
      env: {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: email,
      },
    },
  );
  return { sha: await headSha(sandbox), changed: true };
}

/** The commit that is checked out. */
export async function headSha(sandbox: Sandbox): Promise<string> {
  return (await gitOutput(sandbox, ['rev-parse', '--verify', 'HEAD'])).trim();
}

/** Whether `later` holds everything of `earlier`. False when the checkout does not know one of them. */
export async function isAncestor(sandbox: Sandbox, earlier: string, later: string): Promise<boolean> {
  return (await git(sandbox, ['merge-base', '--is-ancestor', earlier, later])).exitCode === 0;
}

/** Brings the branch and the files to a commit; what git ignores (installed packages) stays. Harmless when it is there. */
export async function resetTo(sandbox: Sandbox, commit: string): Promise<void> {
  await gitOutput(sandbox, ['reset', '-q', '--hard', commit, '--']);
  await gitOutput(sandbox, ['clean', '-q', '-f', '-d']);
}

/**
 * Writes the branch into a bundle on the host. `from` is a commit that the host has, null when it has none. False when
 * the branch holds nothing beyond it, and then there is no bundle.
 */
export async function bundleTo(
  sandbox: Sandbox,
  target: { readonly from: string | null; readonly branch: string; readonly hostPath: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const options: GitOptions = signal ? { signal } : {};
  const ref = `refs/heads/${target.branch}`;
  const range = target.from === null ? [ref] : [ref, `^${target.from}`];
  const count = await gitOutput(sandbox, ['rev-list', '--count', ...range], options);
  if (count.trim() === '0') return false;
  const bundle = join(sandbox.paths.runtime, 'out.bundle');
  try {
    await gitOutput(sandbox, ['bundle', 'create', '-q', bundle, ...range], options);
    await sandbox.download(bundle, target.hostPath, signal);
  } finally {
    await sandbox.exec(['rm', '-f', bundle]);
  }
  return true;
}

function clonedMarker({ paths }: Sandbox): string {
  return join(paths.runtime, 'cloned');
}

async function exists(sandbox: Sandbox, ref: string): Promise<boolean> {
  return (await git(sandbox, ['rev-parse', '--verify', '-q', `${ref}^{commit}`])).exitCode === 0;
}

async function resolveBase(sandbox: Sandbox, base: string): Promise<string> {
  const branch = `refs/remotes/origin/${base}`;
  if (await exists(sandbox, branch)) return branch;
  if (await exists(sandbox, base)) return base;
  throw gitFailed(['checkout', base], 'the bundle holds no such branch or commit');
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

function gitFailed(args: readonly string[], reason: string): SandboxError {
  const message = `git ${args[0] ?? ''} failed: ${reason.slice(0, 2_000)}`;
  return new SandboxError('sandbox.exec_failed', message, { retryable: false });
}
