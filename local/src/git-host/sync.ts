import type { Desk } from './desk.ts';
import { createObjects, type Objects } from './objects.ts';
import type { PullRequest } from './pull-request-store.ts';
import type { Repository } from './repositories.ts';

const host = 'Git host';

/** Reads where the branches of the open pull requests are now, and records what that changes. */
export async function syncOpen(desk: Desk, repository: Repository): Promise<void> {
  const open = desk.store.list({ repository: repository.name, state: 'open' });
  const objects = createObjects(desk.git, repository.path);
  for (const pullRequest of open) await syncOne({ desk, repository, objects, pullRequest });
}

type One = {
  readonly desk: Desk;
  readonly repository: Repository;
  readonly objects: Objects;
  readonly pullRequest: PullRequest;
};

async function syncOne({ desk, repository, objects, pullRequest }: One): Promise<void> {
  const headSha = await objects.branch(pullRequest.head);
  const base = await objects.branch(pullRequest.base);
  const isInside =
    base !== null && (await objects.contains({ commit: headSha ?? pullRequest.headSha, inside: base }));
  const isMoved = headSha !== null && headSha !== pullRequest.headSha;
  if (isMoved) {
    const forkSha = await desk.forkOf(repository, { ...pullRequest, headSha });
    const moved = { ...pullRequest, headSha, forkSha };
    await desk.keepHead(repository, moved);
    desk.save('pull_request.updated', moved);
    return;
  }
  if (isInside) {
    desk.note(pullRequest, host, `saw this merged by a push to \`${pullRequest.base}\`.`);
    const by = { mergedAt: new Date().toISOString(), mergedBy: 'a push', mergeSha: base };
    desk.save('pull_request.merged', { ...pullRequest, ...by, state: 'merged', draft: false });
    return;
  }
  if (headSha === null) {
    desk.note(pullRequest, host, `closed this, because the branch \`${pullRequest.head}\` was deleted.`);
    const forkSha = await desk.forkOf(repository, pullRequest);
    desk.save('pull_request.closed', { ...pullRequest, state: 'closed', closedBy: host, forkSha });
  }
}
