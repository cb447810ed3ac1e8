import {
  type QuestionId,
  questionIdSchema,
  type SessionId,
  sessionIdSchema,
  type TurnId,
  turnIdSchema,
} from 'orchestrator/domain';
import { z } from 'zod';

/** What a button means. Once posted, a message may live for years: ids are never given another meaning. */
export const ACTION = {
  stop: 'stop_run',
  cancel: 'cancel_turn',
  retry: 'retry_turn',
  resume: 'resume_turn',
  discard: 'discard_work',
  releaseHeld: 'release_held',
  dropHeld: 'drop_held',
  createPullRequest: 'create_pull_request',
  /** Followed by `:` and the option's number, because action ids are unique in a block. */
  answer: 'answer_question',
  openConsole: 'open_console',
  openDiff: 'open_diff',
  openPullRequest: 'open_pull_request',
} as const;

/** The callback id of the pull request's form. */
export const PULL_REQUEST_FORM = 'pull_request_form';

const turnValueSchema = z
  .string()
  .transform((value) => value.split('/'))
  .pipe(z.tuple([sessionIdSchema, turnIdSchema]));

const answerValueSchema = z
  .string()
  .transform((value) => value.split('/'))
  .pipe(z.tuple([sessionIdSchema, questionIdSchema, z.string().regex(/^\d{1,3}$/)]));

export function turnValue(sessionId: SessionId, turnId: TurnId): string {
  return `${sessionId}/${turnId}`;
}

/** Null when the value is none of ours or of another release. */
export function readTurnValue(value: string): { sessionId: SessionId; turnId: TurnId } | null {
  const parsed = turnValueSchema.safeParse(value);
  return parsed.success ? { sessionId: parsed.data[0], turnId: parsed.data[1] } : null;
}

export function answerValue(sessionId: SessionId, questionId: QuestionId, option: number): string {
  return `${sessionId}/${questionId}/${option}`;
}

export function readAnswerValue(
  value: string,
): { sessionId: SessionId; questionId: QuestionId; option: number } | null {
  const parsed = answerValueSchema.safeParse(value);
  if (!parsed.success) return null;
  const [sessionId, questionId, option] = parsed.data;
  return { sessionId, questionId, option: Number(option) };
}
