import type { AccessToken } from './access-token.ts';
import { createDesk } from './desk.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import type { Git } from './git.ts';
import { createObjects, type Objects } from './objects.ts';
import type { PullRequest, PullRequestStore } from './pull-request-store.ts';
import { createPullRequests, type PullRequests } from './pull-requests.ts';
import type { Repositories, Repository } from './repositories.ts';

/** What the API and the pages are built on. */
export interface Host {
  readonly git: Git;
  readonly token: AccessToken;
  readonly repositories: Repositories;
  readonly store: PullRequestStore;
  readonly feed: EventFeed;
  readonly pullRequests: PullRequests;
  /** Aborts when the host closes, so that streams end. */
  readonly closing: AbortSignal;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url(): string;
  objects(repository: Repository): Objects;
  /** The two commits whose difference a pull request shows: where the branches parted, and its head. */
  range(pullRequest: PullRequest): Promise<DiffRange | null>;
  describe(pullRequest: PullRequest): Record<string, unknown>;
  describeRepository(repository: Repository): Record<string, unknown>;
}

export type DiffRange = { readonly path: string; readonly from: string; readonly to: string };

export type HostParts = Pick<Host, 'git' | 'token' | 'repositories' | 'store' | 'closing' | 'url'>;

export function createHost(parts: HostParts): Host {
  const { git, repositories, store, url } = parts;
  const describe: Host['describe'] = (pullRequest) => ({
    ...pullRequest,
    url: `${url()}/${pullRequest.repository}/pull/${pullRequest.number}`,
  });
  const feed = createEventFeed({ store, describe });
  const desk = createDesk({ git, repositories, store, feed });
  const pullRequests = createPullRequests(desk, feed);
  const objects: Host['objects'] = (repository) => createObjects(git, repository.path);
  return {
    ...parts,
    feed,
    pullRequests,
    objects,
    describe,
    describeRepository: ({ name, defaultBranch, description }) => {
      return { name, defaultBranch, description, url: `${url()}/${name}` };
    },
    async range(pullRequest) {
      const repository = await repositories.find(pullRequest.repository);
      if (!repository) return null;
      const isOpen = pullRequest.state === 'open';
      const from = isOpen ? await desk.forkOf(repository, pullRequest) : pullRequest.forkSha;
      return { path: repository.path, from, to: pullRequest.headSha };
    },
  };
}
