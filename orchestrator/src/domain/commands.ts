import { z } from 'zod';
import { againSchema } from './again.ts';
import type { Change, FactOf } from './events.ts';
import { questionIdSchema, turnIdSchema } from './ids.ts';
import { triggerSchema } from './triggers.ts';

const messageSchema = z.object({ channel: z.string().max(64), ts: z.string().max(32) });

/** The held turns that are meant, where not all are. */
const heldSchema = z.array(turnIdSchema).max(100).optional();

/** What a surface may ask of a session. Parsed at the door, so a surface can hand in what it got from outside. */
export const commandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open_session'),
    trigger: triggerSchema,
    repository: z.string().max(200),
    baseBranch: z.string().max(250),
    branch: z.string().max(250),
    title: z.string().max(200),
  }),
  z.object({
    type: z.literal('request_turn'),
    turnId: turnIdSchema,
    text: z.string().min(1).max(40_000),
    message: messageSchema.optional(),
    again: againSchema.optional(),
  }),
  z.object({ type: z.literal('amend_turn'), turnId: turnIdSchema, text: z.string().min(1).max(40_000) }),
  z.object({
    type: z.literal('cancel_turn'),
    turnId: turnIdSchema,
    reason: z.literal('message_deleted').optional(),
  }),
  z.object({
    type: z.literal('stop_run'),
    /** The turn that is meant, where one is: another one is then left alone. */
    turnId: turnIdSchema.optional(),
  }),
  z.object({ type: z.literal('release_held'), turnIds: heldSchema }),
  z.object({ type: z.literal('drop_held'), turnIds: heldSchema }),
  z.object({ type: z.literal('discard_work'), turnId: turnIdSchema }),
  z.object({
    type: z.literal('answer_question'),
    questionId: questionIdSchema,
    answers: z.array(z.array(z.string().max(3000)).max(20)).max(10),
    message: messageSchema.optional(),
  }),
  z.object({
    type: z.literal('request_pull_request'),
    title: z.string().trim().min(1).max(250),
    body: z.string().max(20_000),
    draft: z.boolean(),
  }),
  z.object({ type: z.literal('close_session'), reason: z.string().max(200) }),
  z.object({ type: z.literal('reopen_session') }),
]);
export type Command = z.infer<typeof commandSchema>;

/** What the engine itself tells a session about its work. */
export type EngineCommand =
  | { readonly type: 'start_run'; readonly runId: FactOf<'run.started'>['runId']; readonly model: string }
  | { readonly type: 'prepare_run'; readonly prepared: Omit<FactOf<'run.prepared'>, 'type'> }
  | {
      readonly type: 'finish_run';
      readonly runId: FactOf<'run.finished'>['runId'];
      readonly summary: string;
      readonly change?: Change;
    }
  | {
      readonly type: 'confirm_stop';
      readonly runId: FactOf<'run.stopped'>['runId'];
      /** The agent's last words. */
      readonly summary?: string;
      readonly change?: Change;
    }
  | {
      readonly type: 'fail_run';
      readonly runId: FactOf<'run.failed'>['runId'];
      readonly code: FactOf<'run.failed'>['code'];
      readonly detail: string;
      /** Milliseconds since the epoch. */
      readonly now: number;
      readonly change?: Change;
    }
  | { readonly type: 'report_check'; readonly check: Omit<FactOf<'check.finished'>, 'type'> }
  | { readonly type: 'add_artifact'; readonly artifact: Omit<FactOf<'artifact.added'>, 'type'> }
  | { readonly type: 'ask_question'; readonly question: Omit<FactOf<'question.asked'>, 'type'> }
  | { readonly type: 'expire_question'; readonly questionId: FactOf<'question.expired'>['questionId'] }
  | { readonly type: 'report_pull_request'; readonly report: PullRequestReport }
  | { readonly type: 'report_discard'; readonly report: DiscardReport };

export type DiscardReport = FactOf<'work.discarded'> | FactOf<'work.discard_failed'>;

export type PullRequestReport =
  | FactOf<'pull_request.opened'>
  | FactOf<'pull_request.updated'>
  | FactOf<'pull_request.failed'>
  | FactOf<'pull_request.merged'>
  | FactOf<'pull_request.closed'>
  | FactOf<'pull_request.reopened'>;
