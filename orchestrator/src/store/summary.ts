import { z } from 'zod';
import { actorSchema, sessionIdSchema, turnIdSchema } from '../domain/index.ts';
import type { SessionSummary } from '../ports.ts';

const count = z.number().int().nonnegative();

const summarySchema = z.object({
  sessionId: sessionIdSchema,
  seq: z.number().int().positive(),
  status: z.enum(['idle', 'running', 'waiting', 'closed']),
  title: z.string(),
  repository: z.string(),
  branch: z.string(),
  openedBy: actorSchema,
  openedAt: z.string(),
  updatedAt: z.string(),
  thread: z.object({ team: z.string(), channel: z.string(), threadTs: z.string() }).nullable(),
  turns: count,
  runs: count,
  costUsd: z.number().nonnegative(),
  model: z.string().nullable(),
  lastOutcome: z.enum(['finished', 'failed', 'stopped']).nullable(),
  waitingFor: z.enum(['answer', 'approval']).nullable(),
  change: z.object({ additions: count, deletions: count, fileCount: count }).nullable(),
  pullRequest: z
    .object({ number: count, url: z.string(), state: z.enum(['open', 'merged', 'closed']) })
    .nullable(),
});

/** A summary with what its own upkeep needs and nobody is shown. */
export const trackedSummarySchema = summarySchema.extend({
  /** Turns that wait to be started. */
  queued: z.array(turnIdSchema),
  /** The work of a stopped turn is to be taken back. Absent in rows of older releases. */
  discarding: z.boolean().default(false),
  /** The commit that the last run left; null before one left any. */
  headSha: z.string().nullable().default(null),
  /** Work was done that the open pull request may not have. */
  behind: z.boolean().default(false),
  /** Questions and approvals of the run that are open. */
  open: z.array(z.object({ id: z.string(), kind: z.enum(['answer', 'approval']) })),
  /** A pull request was asked for and is not there yet. */
  publishing: z.boolean(),
});
export type TrackedSummary = Readonly<z.infer<typeof trackedSummarySchema>>;

/** What is shown of a summary. */
export function shownOf(tracked: TrackedSummary): SessionSummary {
  return summarySchema.parse(tracked);
}

/** Whether a worker has something to do: a run or its retry, a turn that waits, a pull request to make or to bring up to date, work to take back. */
export function isUnsettled(tracked: TrackedSummary): boolean {
  const { status, queued, publishing, discarding, behind } = tracked;
  return (
    status !== 'closed' && (status !== 'idle' || queued.length > 0 || publishing || discarding || behind)
  );
}
