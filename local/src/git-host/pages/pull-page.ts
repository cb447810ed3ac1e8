import type { Diff } from '../diff.ts';
import type { MergeTrial } from '../merge.ts';
import type { Commit } from '../objects.ts';
import type { Check, Comment, PullRequest } from '../pull-request-store.ts';
import type { Repository } from '../repositories.ts';

/** Everything that the page of a pull request shows. */
export type PullPage = {
  readonly repository: Repository;
  readonly pullRequest: PullRequest;
  readonly commits: readonly Commit[];
  readonly comments: readonly Comment[];
  readonly checks: readonly Check[];
  readonly diff: Diff;
  readonly trial: MergeTrial | null;
  readonly person: string;
  /** Why the last button did nothing. */
  readonly notice: string | null;
};

/** The address of a pull request's page on this host. */
export function pullUrl({ repository, number }: Pick<PullRequest, 'repository' | 'number'>): string {
  return `/${repository}/pull/${number}`;
}
