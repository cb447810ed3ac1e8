import type { Desk } from './desk.ts';
import { createObjects, type Objects } from './objects.ts';
import type { PullRequest } from './pull-request-store.ts';
import type { Repository } from './repositories.ts';

const host = 'Git host';

/** Reads where the branches of the open pull requests are now, and records what that changes. */
export type Sync = (repository: Repository) => Promise<void>;

/** Builds a {@link Sync}. It costs one git process where nothing has moved. */
export function createSync(desk: Desk): Sync {
  const seen = new Map<string, string>();
  return async (repository) => {
    const open = desk.store.list({ repository: repository.name, state: 'open' });
    if (open.length === 0) return;
    const objects = createObjects(desk.git, repository.path);
    const heads = new Map((await objects.branches()).map(({ name, sha }) => [name, sha]));
    for (const pullRequest of open) {
      const key = `${repository.name}#${pullRequest.number}`;
      const tips = { head: heads.get(pullRequest.head) ?? null, base: heads.get(pullRequest.base) ?? null };
      const place = `${tips.head} ${tips.base} ${pullRequest.headSha}`;
      if (seen.get(key) === place) continue;
      await syncOne({ desk, repository, objects, pullRequest, ...tips });
      seen.set(key, place);
    }
  };
}

type One = {
  readonly desk: Desk;
  readonly repository: Repository;
  readonly objects: Objects;
  readonly pullRequest: PullRequest;
  /** Where the two branches are now; `null` for one that is gone. */
  readonly head: string | null;
  readonly base: string | null;
};

async function syncOne({ desk, repository, objects, pullRequest, head, base }: One): Promise<void> {
  if (head !== null && head !== pullRequest.headSha) {
    const forkSha = await desk.forkOf(repository, { ...pullRequest, headSha: head });
    const moved = { ...pullRequest, headSha: head, forkSha };
    await desk.keepHead(repository, moved);
    desk.save('pull_request.updated', moved);
    return;
  }
  const isInside = base !== null && (await objects.contains({ commit: pullRequest.headSha, inside: base }));
  if (isInside) {
    desk.note(pullRequest, host, `saw this merged by a push to \`${pullRequest.base}\`.`);
    const by = { mergedAt: new Date().toISOString(), mergedBy: 'a push', mergeSha: base };
    desk.save('pull_request.merged', { ...pullRequest, ...by, state: 'merged', draft: false });
    return;
  }
  if (head === null) {
    desk.note(pullRequest, host, `closed this, because the branch \`${pullRequest.head}\` was deleted.`);
    const forkSha = await desk.forkOf(repository, pullRequest);
    desk.save('pull_request.closed', { ...pullRequest, state: 'closed', closedBy: host, forkSha });
  }
}
