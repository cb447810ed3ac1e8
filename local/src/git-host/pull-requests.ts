import type { Desk } from './desk.ts';
import type { EventFeed } from './event-feed.ts';
import type { Git } from './git.ts';
import { type MergeTrial, mergeInto, tryMerge } from './merge.ts';
import { createObjects } from './objects.ts';
import type { Check, Comment, PullRequest, PullRequestKey } from './pull-request-store.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import type { Repository } from './repositories.ts';
import { createSync, type Sync } from './sync.ts';
import { createTurns } from './turns.ts';

type OpenInput = {
  readonly repository: string;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly author: string;
  readonly sessionUrl: string | null;
};

type EditInput = {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly draft?: boolean | undefined;
  readonly sessionUrl?: string | undefined;
};

/** What can be done with pull requests. Everything that changes one also records an event for the followers. */
export interface PullRequests {
  /** The pull request with its head as it is in the repository now. */
  get(key: PullRequestKey): Promise<PullRequest | null>;
  /** Opens one. Refuses `conflict` when one of the same branches is open, `invalid` when there is nothing in it. */
  open(input: OpenInput): Promise<PullRequest | Refusal>;
  edit(key: PullRequestKey, changes: EditInput): Promise<PullRequest | Refusal>;
  /** Merges with a merge commit. With `headSha`, refuses when the branch is no longer where the person saw it. */
  merge(
    key: PullRequestKey,
    input: { by: string; headSha?: string | undefined },
  ): Promise<PullRequest | Refusal>;
  close(key: PullRequestKey, by: string): Promise<PullRequest | Refusal>;
  reopen(key: PullRequestKey, by: string): Promise<PullRequest | Refusal>;
  comment(key: PullRequestKey, input: { author: string; body: string }): Promise<Comment | Refusal>;
  /** Puts a check on the head commit; a second one of the same name replaces the first. */
  check(
    key: PullRequestKey,
    check: Pick<Check, 'name' | 'status' | 'summary'>,
  ): Promise<PullRequest | Refusal>;
  /** Reads the branches of a repository again and records what that changes. Called after every push. */
  sync(repository: Repository): Promise<void>;
  /** Whether an open one can be merged, and else in which files it cannot; `null` when there is nothing to try. */
  trial(pullRequest: PullRequest): Promise<MergeTrial | null>;
}

type Act = (pullRequest: PullRequest, repository: Repository) => Promise<PullRequest | Refusal>;

export function createPullRequests(desk: Desk, feed: EventFeed): PullRequests {
  const { repositories, store } = desk;
  const inTurn = createTurns();
  const sync = createSync(desk);
  /** Acts on the newest state; acts on one repository wait for each other. */
  const act = (key: PullRequestKey, work: Act) =>
    inTurn(key.repository, async () => {
      const repository = await repositories.find(key.repository);
      if (!repository) return notFound(key);
      await sync(repository);
      const pullRequest = store.find(key);
      return pullRequest ? work(pullRequest, repository) : notFound(key);
    });
  return {
    async get(key) {
      const found = await act(key, async (pullRequest) => pullRequest);
      return isRefusal(found) ? null : found;
    },
    open: (input) => inTurn(input.repository, () => openOne(desk, input)),
    edit: (key, { title, body, draft, sessionUrl }) =>
      act(key, async (old) => {
        const text = { title: title ?? old.title, body: body ?? old.body };
        const rest = { draft: draft ?? old.draft, sessionUrl: sessionUrl ?? old.sessionUrl };
        return desk.save('pull_request.updated', { ...old, ...text, ...rest });
      }),
    merge: (key, input) => act(key, (pullRequest, at) => mergeOne(desk, { pullRequest, at, sync, ...input })),
    close: (key, by) => act(key, (pullRequest, at) => closeOne(desk, { pullRequest, at, by })),
    reopen: (key, by) => act(key, (pullRequest, at) => reopenOne(desk, { pullRequest, at, by })),
    async comment(key, { author, body }) {
      const pullRequest = store.find(key);
      if (!pullRequest) return notFound(key);
      const comment = store.addComment(key, { author, kind: 'comment', body, createdAt: now() });
      feed.publish('comment.added', pullRequest);
      return comment;
    },
    check: (key, check) =>
      act(key, async (pullRequest) => {
        store.putCheck(key.repository, { ...check, sha: pullRequest.headSha, updatedAt: now() });
        feed.publish('check.updated', pullRequest);
        return pullRequest;
      }),
    sync: (repository) => inTurn(repository.name, () => sync(repository)),
    trial: createTrials(desk),
  };
}

async function openOne(desk: Desk, input: OpenInput): Promise<PullRequest | Refusal> {
  const repository = await desk.repositories.find(input.repository);
  if (!repository) return refuse('not_found', `there is no repository ${input.repository}`);
  const twin = findTwin(desk, input);
  if (twin) return refuse('conflict', `pull request #${twin.number} of the same branches is open`);
  const objects = createObjects(desk.git, repository.path);
  const headSha = await objects.branch(input.head);
  const base = await objects.branch(input.base);
  if (headSha === null) return refuse('invalid', `there is no branch ${input.head}`);
  if (base === null) return refuse('invalid', `there is no branch ${input.base}`);
  if (await objects.contains({ commit: headSha, inside: base })) {
    return refuse('invalid', `${input.head} has no commits that are not in ${input.base}`);
  }
  const forkSha = await objects.mergeBase(base, headSha);
  if (forkSha === null) return refuse('invalid', 'the branches share no history');
  const at = now();
  const facts = { forkSha, mergedAt: null, mergedBy: null, mergeSha: null, closedBy: null };
  const added = desk.store.add({ ...input, ...facts, createdAt: at, updatedAt: at, headSha, state: 'open' });
  await desk.keepHead(repository, added);
  return desk.save('pull_request.opened', added);
}

type On = { readonly pullRequest: PullRequest; readonly at: Repository; readonly by: string };

async function mergeOne(
  desk: Desk,
  input: On & { sync: Sync; headSha?: string | undefined },
): Promise<PullRequest | Refusal> {
  const { pullRequest, at, by, headSha, sync } = input;
  if (pullRequest.state !== 'open') return refuse('conflict', `it is ${pullRequest.state} already`);
  if (pullRequest.draft) return refuse('conflict', 'it is a draft; mark it ready first');
  if (headSha !== undefined && headSha !== pullRequest.headSha) {
    return refuse('conflict', 'the branch has new commits; look at them first');
  }
  const merged = await mergeBranches(desk.git, input);
  if (isRefusal(merged)) return merged;
  desk.note(pullRequest, by, `merged \`${pullRequest.head}\` into \`${pullRequest.base}\`.`);
  const facts = { state: 'merged', mergedAt: now(), mergedBy: by } as const;
  const saved = desk.save('pull_request.merged', { ...pullRequest, ...facts, ...merged });
  // Another pull request of the same commits is merged by this too.
  await sync(at);
  return saved;
}

async function mergeBranches(git: Git, { pullRequest, at, by }: On) {
  const objects = createObjects(git, at.path);
  const { base: branch, headSha: head, number } = pullRequest;
  const base = await objects.branch(branch);
  if (base === null) return refuse('conflict', `the branch ${branch} is gone`);
  const forkSha = await objects.mergeBase(base, head);
  if (forkSha === null) return refuse('conflict', 'the branches share no history');
  const message = `Merge pull request #${number} from ${pullRequest.head}\n\n${pullRequest.title}\n`;
  const merged = await mergeInto({ git, path: at.path, branch, base, head, message, by });
  return isRefusal(merged) ? merged : { mergeSha: merged.sha, forkSha };
}

async function closeOne(desk: Desk, { pullRequest, at, by }: On): Promise<PullRequest | Refusal> {
  if (pullRequest.state !== 'open') return refuse('conflict', `it is ${pullRequest.state} already`);
  const forkSha = await desk.forkOf(at, pullRequest);
  desk.note(pullRequest, by, 'closed this without merging.');
  return desk.save('pull_request.closed', { ...pullRequest, state: 'closed', closedBy: by, forkSha });
}

async function reopenOne(desk: Desk, { pullRequest, at, by }: On): Promise<PullRequest | Refusal> {
  if (pullRequest.state !== 'closed') return refuse('conflict', `it is ${pullRequest.state}`);
  const twin = findTwin(desk, pullRequest);
  if (twin) return refuse('conflict', `pull request #${twin.number} of the same branches is open`);
  const headSha = await createObjects(desk.git, at.path).branch(pullRequest.head);
  if (headSha === null) return refuse('conflict', `the branch ${pullRequest.head} is gone`);
  const reopened = { ...pullRequest, state: 'open', headSha, closedBy: null } as const;
  await desk.keepHead(at, reopened);
  desk.note(pullRequest, by, 'reopened this.');
  return desk.save('pull_request.reopened', reopened);
}

function findTwin(
  { store }: Desk,
  { repository, head, base }: Pick<PullRequest, 'repository' | 'head' | 'base'>,
) {
  return store.list({ repository, state: 'open', head }).find((other) => other.base === base);
}

function notFound({ repository, number }: PullRequestKey): Refusal {
  return refuse('not_found', `there is no pull request #${number} in ${repository}`);
}

const keptTrials = 200;

/** Tries merges for the page, and remembers the answers: the same two commits always merge the same way. */
function createTrials({ git, repositories }: Desk): PullRequests['trial'] {
  const kept = new Map<string, MergeTrial>();
  return async ({ repository: name, state, base, headSha }) => {
    const repository = await repositories.find(name);
    if (!repository || state !== 'open') return null;
    const baseSha = await createObjects(git, repository.path).branch(base);
    if (baseSha === null) return null;
    const key = `${name} ${baseSha} ${headSha}`;
    const trial =
      kept.get(key) ?? (await tryMerge({ git, path: repository.path, base: baseSha, head: headSha }));
    if (kept.size >= keptTrials) kept.clear();
    kept.set(key, trial);
    return trial;
  };
}

function now(): string {
  return new Date().toISOString();
}
