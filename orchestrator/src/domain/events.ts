import { z } from 'zod';
import { actorSchema } from './actor.ts';
import { againSchema } from './again.ts';
import { failureCodeSchema } from './failures.ts';
import {
  approvalIdSchema,
  artifactIdSchema,
  questionIdSchema,
  runIdSchema,
  sessionIdSchema,
  turnIdSchema,
} from './ids.ts';
import { triggerSchema } from './triggers.ts';

const text = (max: number) => z.string().max(max);
const when = z.iso.datetime();

const pullRequestRef = { number: z.number().int().positive(), url: text(2000) };

/**
 * What was changed since the base, in numbers; the patch itself is an artifact.
 * At most 200 files are listed; `fileCount` counts them all.
 */
export const changeSchema = z.object({
  headSha: text(64),
  baseSha: text(64),
  additions: z.number().int().nonnegative(),
  deletions: z.number().int().nonnegative(),
  fileCount: z.number().int().nonnegative(),
  files: z
    .array(
      z.object({
        path: text(1000),
        status: z.enum(['added', 'modified', 'deleted', 'renamed']),
        additions: z.number().int().nonnegative(),
        deletions: z.number().int().nonnegative(),
      }),
    )
    .max(200),
  patch: artifactIdSchema,
});
export type Change = z.infer<typeof changeSchema>;

const optionSchema = z.object({ label: text(200), description: text(500) });

/** Facts are folded into the session's state. */
export const factSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.opened'),
    trigger: triggerSchema,
    /** `owner/name`. */
    repository: text(200),
    baseBranch: text(250),
    /** The branch that the work goes to, always below `deckhand/`. */
    branch: text(250),
    title: text(200),
  }),
  z.object({ type: z.literal('session.closed'), reason: text(200) }),
  z.object({ type: z.literal('session.reopened') }),
  z.object({
    type: z.literal('turn.requested'),
    turnId: turnIdSchema,
    text: text(40_000),
    /** The message that asked, where it was a message. */
    message: z.object({ channel: text(64), ts: text(32) }).optional(),
    again: againSchema.optional(),
  }),
  /** What was asked for was put in other words before work on it began. */
  z.object({ type: z.literal('turn.amended'), turnId: turnIdSchema, text: text(40_000) }),
  z.object({
    type: z.literal('turn.cancelled'),
    turnId: turnIdSchema,
    /** The message that asked was deleted; without it the actor of this entry cancelled it. */
    reason: z.literal('message_deleted').optional(),
  }),
  /** Somebody stopped what ran: these turns wait until somebody says whether to go on with them. */
  z.object({ type: z.literal('queue.held'), turnIds: z.array(turnIdSchema) }),
  /** Held turns that are in line again, before those that were requested meanwhile. */
  z.object({ type: z.literal('queue.released'), turnIds: z.array(turnIdSchema) }),
  z.object({
    type: z.literal('run.started'),
    runId: runIdSchema,
    turnId: turnIdSchema,
    /** 1 for the first try. */
    attempt: z.number().int().positive(),
    /** `anthropic/claude-…`; `demo/scripted` for the scripted model. */
    model: text(200),
  }),
  z.object({
    type: z.literal('run.prepared'),
    runId: runIdSchema,
    sandboxId: text(128),
    provider: text(64),
    isolation: text(32),
    agentSessionId: text(128),
    baseSha: text(64),
    /** The commit that was checked out when the run began: what discarding its work goes back to. */
    startSha: text(64).optional(),
    /** Whether the sandbox and the conversation are those of an earlier run. */
    resumed: z.boolean(),
  }),
  z.object({ type: z.literal('run.stop_requested'), runId: runIdSchema }),
  z.object({
    type: z.literal('run.stopped'),
    runId: runIdSchema,
    /** Who asked for it, where that is not the actor of this entry. */
    by: actorSchema.optional(),
    /** The agent's last words. */
    summary: text(12_000).optional(),
    change: changeSchema.optional(),
  }),
  z.object({
    type: z.literal('run.finished'),
    runId: runIdSchema,
    summary: text(12_000),
    change: changeSchema.optional(),
  }),
  z.object({
    type: z.literal('run.failed'),
    runId: runIdSchema,
    code: failureCodeSchema,
    /** For operators: the cause, cut. */
    detail: text(2000),
    /** When the turn is tried again by itself; null: this was the last try, the turn has failed. */
    retryAt: when.nullable(),
    change: changeSchema.optional(),
  }),
  z.object({
    type: z.literal('check.finished'),
    runId: runIdSchema,
    command: text(500),
    exitCode: z.number().int(),
    durationMs: z.number().nonnegative(),
    /** The last lines of its output. */
    output: text(4000),
  }),
  z.object({
    type: z.literal('artifact.added'),
    artifactId: artifactIdSchema,
    runId: runIdSchema,
    kind: z.enum(['screenshot', 'patch', 'output', 'file']),
    name: text(255),
    mime: text(100),
    size: z.number().int().nonnegative(),
  }),
  z.object({
    type: z.literal('question.asked'),
    questionId: questionIdSchema,
    runId: runIdSchema,
    questions: z
      .array(z.object({ text: text(3000), options: z.array(optionSchema).max(20), multiple: z.boolean() }))
      .min(1)
      .max(10),
    /** After it the agent goes on by itself. */
    expiresAt: when,
  }),
  z.object({
    type: z.literal('question.answered'),
    questionId: questionIdSchema,
    answers: z.array(z.array(text(3000)).max(20)).max(10),
    /** The message that answered, where it was a message. */
    message: z.object({ channel: text(64), ts: text(32) }).optional(),
  }),
  z.object({ type: z.literal('question.expired'), questionId: questionIdSchema }),
  z.object({
    type: z.literal('approval.requested'),
    approvalId: approvalIdSchema,
    runId: runIdSchema,
    action: text(200),
    subject: text(4000),
    expiresAt: when,
  }),
  z.object({ type: z.literal('approval.granted'), approvalId: approvalIdSchema }),
  z.object({ type: z.literal('approval.denied'), approvalId: approvalIdSchema, reason: text(1000) }),
  z.object({ type: z.literal('approval.expired'), approvalId: approvalIdSchema }),
  z.object({
    type: z.literal('pull_request.requested'),
    title: text(250),
    body: text(20_000),
    draft: z.boolean(),
  }),
  z.object({
    type: z.literal('pull_request.opened'),
    ...pullRequestRef,
    title: text(250),
    headSha: text(64),
    draft: z.boolean(),
  }),
  z.object({ type: z.literal('pull_request.updated'), ...pullRequestRef, headSha: text(64) }),
  z.object({ type: z.literal('pull_request.failed'), code: failureCodeSchema, detail: text(2000) }),
  z.object({ type: z.literal('pull_request.merged'), ...pullRequestRef, by: text(200) }),
  z.object({ type: z.literal('pull_request.closed'), ...pullRequestRef, by: text(200) }),
  z.object({ type: z.literal('pull_request.reopened'), ...pullRequestRef }),
  /** The work of a stopped turn is to be taken back. */
  z.object({ type: z.literal('work.discard_requested'), turnId: turnIdSchema }),
  z.object({
    type: z.literal('work.discarded'),
    turnId: turnIdSchema,
    /** What is checked out now. */
    headSha: text(64),
    /** The work that is left; none when nothing differs from the base. */
    change: changeSchema.optional(),
  }),
  z.object({
    type: z.literal('work.discard_failed'),
    turnId: turnIdSchema,
    code: failureCodeSchema,
    detail: text(2000),
  }),
]);

const todoSchema = z.object({
  text: text(500),
  status: z.enum(['pending', 'in_progress', 'completed', 'cancelled']),
});
export type Todo = z.infer<typeof todoSchema>;

/** Trace is what the agent did. It is shown and replayed, never folded into the session's state. */
export const traceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('agent.said'), runId: runIdSchema, text: text(16_000) }),
  z.object({ type: z.literal('agent.thought'), runId: runIdSchema, text: text(16_000) }),
  z.object({
    type: z.literal('agent.tool_started'),
    runId: runIdSchema,
    callId: text(128),
    tool: text(100),
    title: text(500),
    /** The arguments as JSON, cut. */
    input: text(8000),
  }),
  z.object({
    type: z.literal('agent.tool_finished'),
    runId: runIdSchema,
    callId: text(128),
    tool: text(100),
    title: text(500),
    ok: z.boolean(),
    /** The output, or its end when it is long: then `full` names the whole. */
    output: text(8000),
    full: artifactIdSchema.optional(),
    exitCode: z.number().int().optional(),
    diff: text(16_000).optional(),
    durationMs: z.number().nonnegative(),
  }),
  z.object({ type: z.literal('agent.planned'), runId: runIdSchema, todos: z.array(todoSchema).max(100) }),
  z.object({
    type: z.literal('agent.stepped'),
    runId: runIdSchema,
    costUsd: z.number().nonnegative(),
    inputTokens: z.number().nonnegative(),
    outputTokens: z.number().nonnegative(),
  }),
  z.object({
    type: z.literal('agent.waited'),
    runId: runIdSchema,
    attempt: z.number().int(),
    reason: text(1000),
    until: when,
  }),
  /** A step of ours on the way: starting a sandbox, cloning, running a check. */
  z.object({
    type: z.literal('run.progressed'),
    runId: runIdSchema,
    step: z.enum(['sandbox', 'clone', 'agent', 'work', 'checks', 'save']),
  }),
]);

export type Fact = z.infer<typeof factSchema>;
export type Trace = z.infer<typeof traceSchema>;
export type SessionEvent = Fact | Trace;
export type FactOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

const FACT_TYPES: ReadonlySet<string> = new Set(factSchema.options.map((option) => option.shape.type.value));

export function isFact(event: SessionEvent): event is Fact {
  return FACT_TYPES.has(event.type);
}

export const sessionEventSchema = z.union([factSchema, traceSchema]);

/** One entry of a session's log. `seq` counts from 1 without a gap. */
export const entrySchema = z.object({
  sessionId: sessionIdSchema,
  seq: z.number().int().positive(),
  at: when,
  actor: actorSchema,
  event: sessionEventSchema,
});
export type Entry = z.infer<typeof entrySchema>;

/** Progress between two entries. It is shown to who is looking and is not history. */
export type LiveEvent =
  | { readonly kind: 'text'; readonly runId: string; readonly id: string; readonly delta: string }
  | {
      readonly kind: 'output';
      readonly runId: string;
      readonly callId: string;
      readonly chunk: string;
      readonly reset: boolean;
    };
