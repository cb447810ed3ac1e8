import type { PullRequestInfo } from 'orchestrator/compose';
import { z } from 'zod';

/** What a client needs to know of a host. */
export type HostAddress = { readonly url: string; readonly token: string };

/** One repository as the API writes it. */
export const repositoryInfo = z.object({
  name: z.string(),
  defaultBranch: z.string(),
  description: z.string(),
  url: z.string(),
});

/** One pull request as the API writes it; fields that nobody here reads are dropped. */
export const pullRequestInfo = z
  .object({
    repository: z.string(),
    number: z.number(),
    url: z.string(),
    title: z.string(),
    state: z.enum(['open', 'merged', 'closed']),
    draft: z.boolean(),
    headSha: z.string(),
    base: z.string(),
    head: z.string(),
    mergedBy: z.string().nullable(),
    closedBy: z.string().nullable(),
  })
  .transform(({ mergedBy, closedBy, ...rest }): PullRequestInfo => {
    return { ...rest, ...(mergedBy !== null && { mergedBy }), ...(closedBy !== null && { closedBy }) };
  });
