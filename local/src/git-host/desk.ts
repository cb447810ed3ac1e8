import type { EventFeed } from './event-feed.ts';
import type { Git } from './git.ts';
import { createObjects } from './objects.ts';
import type { PullRequest, PullRequestStore } from './pull-request-store.ts';
import type { Repositories, Repository } from './repositories.ts';

/** What the acts on pull requests work with. */
export type Desk = {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly store: PullRequestStore;
  /** Writes a changed pull request down and tells the followers. */
  save(type: string, changed: PullRequest): PullRequest;
  /** Adds a line to the conversation that goes on from the author's name, as in "merged this". */
  note(pullRequest: PullRequest, author: string, body: string): void;
  /** Keeps the head's commits when its branch is deleted or pushed over. */
  keepHead(repository: Repository, pullRequest: PullRequest): Promise<void>;
  /** Where head and base part now; what was known before where that cannot be said any more. */
  forkOf(repository: Repository, pullRequest: PullRequest): Promise<string>;
};

export type DeskParts = Pick<Desk, 'git' | 'repositories' | 'store'> & { readonly feed: EventFeed };

/** Builds the desk. */
export function createDesk({ git, repositories, store, feed }: DeskParts): Desk {
  return {
    git,
    repositories,
    store,
    save(type, changed) {
      const saved = { ...changed, updatedAt: new Date().toISOString() };
      store.put(saved);
      feed.publish(type, saved);
      return saved;
    },
    note(pullRequest, author, body) {
      store.addComment(pullRequest, { author, kind: 'note', body, createdAt: new Date().toISOString() });
    },
    async keepHead({ path }, { number, headSha }) {
      await git.run([`--git-dir=${path}`, 'update-ref', `refs/pull/${number}/head`, headSha]);
    },
    async forkOf({ path }, { base, headSha, forkSha }) {
      const objects = createObjects(git, path);
      const tip = await objects.branch(base);
      return (tip === null ? null : await objects.mergeBase(tip, headSha)) ?? forkSha;
    },
  };
}
