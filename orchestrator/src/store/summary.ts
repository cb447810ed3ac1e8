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

/** Whether a worker has something to do: a run or its retry, a turn that waits, a pull request to make. */
export function isUnsettled({ status, queued, publishing }: TrackedSummary): boolean {
  return status !== 'closed' && (status !== 'idle' || queued.length > 0 || publishing);
}
