import type { Git } from './git.ts';
import { type Refusal, refuse } from './refusal.ts';

export type MergeTrial = { readonly tree: string } | { readonly conflicts: readonly string[] };

/** Merges two commits in memory, without a work tree (git 2.38 and later): the new tree or the files in conflict. */
export async function tryMerge(input: {
  git: Git;
  path: string;
  base: string;
  head: string;
}): Promise<MergeTrial> {
  const { git, path, base, head } = input;
  const args = [
    `--git-dir=${path}`,
    'merge-tree',
    '--write-tree',
    '--name-only',
    '--no-messages',
    '-z',
    base,
    head,
  ];
  const { code, stdout } = await git.run(args, { answers: [1] });
  const [tree = '', ...files] = stdout.toString('utf8').split('\0');
  return code === 0 ? { tree } : { conflicts: [...new Set(files.filter(Boolean))] };
}

export type MergeInput = {
  readonly git: Git;
  readonly path: string;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly message: string;
  /** Who pressed the button; author and committer of the merge commit. */
  readonly by: string;
};

/** Makes the merge commit and moves the branch to it, unless the branch has moved since `base` was read. */
export async function mergeInto(input: MergeInput): Promise<{ sha: string } | Refusal> {
  const { git, path, branch, base, head } = input;
  const trial = await tryMerge(input);
  if ('conflicts' in trial) {
    return refuse('conflict', `the branches change the same lines in ${trial.conflicts.join(', ')}`);
  }
  const commit = [`--git-dir=${path}`, 'commit-tree', trial.tree, '-p', base, '-p', head];
  const sha = await git.text(commit, { input: input.message, env: identity(input.by) });
  const update = [`--git-dir=${path}`, 'update-ref', `refs/heads/${branch}`, sha, base];
  const { code } = await git.run(update, { answers: [1, 128] });
  if (code !== 0) return refuse('conflict', `${branch} moved while this was being merged; try again`);
  return { sha };
}

function identity(name: string): Record<string, string> {
  // git refuses a name of nothing but the characters that it strips.
  const safe = name.replace(/[<>\n]/g, '').trim() || 'Somebody';
  const email = `${
    safe
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '.')
      .replace(/^\.|\.$/g, '') || 'somebody'
  }@localhost`;
  return {
    GIT_AUTHOR_NAME: safe,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: safe,
    GIT_COMMITTER_EMAIL: email,
  };
}
