import { randomUUID } from 'node:crypto';
import type { Deckhand } from 'orchestrator/client';
import {
  type Actor,
  isRefused,
  questionIdSchema,
  REFUSALS,
  type SessionId,
  turnIdSchema,
} from 'orchestrator/domain';
import { z } from 'zod';

/** Turn ids with a space between them. */
const turnIdsSchema = z
  .string()
  .transform((ids) => ids.split(' '))
  .pipe(z.array(turnIdSchema).min(1).max(100));

const formSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal(['stop', 'cancel', 'discard', 'resume', 'retry']), turnId: turnIdSchema }),
  z.object({ intent: z.literal(['release_held', 'drop_held']), turnIds: turnIdsSchema }),
  z.object({
    intent: z.literal('reply'),
    key: z.string().min(1).max(100),
    text: z.string().trim().min(1).max(40_000),
  }),
  z.object({
    intent: z.literal('answer'),
    questionId: questionIdSchema,
    /** JSON: for each question its chosen labels. */
    answers: z
      .string()
      .max(100_000)
      .transform((json, context) => {
        try {
          return answersSchema.parse(JSON.parse(json));
        } catch {
          context.addIssue('no answers');
          return z.NEVER;
        }
      }),
  }),
  z.object({
    intent: z.literal('pull_request'),
    title: z.string().trim().min(1).max(250),
    body: z.string().max(20_000),
    draft: z.literal('on').optional(),
  }),
]);
const answersSchema = z.array(z.array(z.string().max(3000)).max(20)).max(10);

/** What became of a wish: done, or the sentence that says why not. */
export type CommandResult =
  | {
      readonly done: true;
      /** Of a rebuild: how many threads are made anew. */
      readonly threads?: number;
    }
  | { readonly done: false; readonly problem: string };

/** Carries out what somebody asked for with a form on a session's page. */
export async function commandFromForm(
  deckhand: Deckhand,
  {
    sessionId,
    form,
    actor,
  }: { readonly sessionId: SessionId; readonly form: FormData; readonly actor: Actor },
): Promise<CommandResult> {
  const wish = formSchema.safeParse(Object.fromEntries(form));
  if (!wish.success)
    return { done: false, problem: 'Something is missing in the form. Fill it in and send it again.' };
  const result = await carryOut(deckhand, sessionId, { wish: wish.data, actor });
  return isRefused(result) ? { done: false, problem: REFUSALS[result.refused] } : { done: true };
}

function carryOut(
  deckhand: Deckhand,
  sessionId: SessionId,
  { wish, actor }: { readonly wish: z.infer<typeof formSchema>; readonly actor: Actor },
) {
  switch (wish.intent) {
    // Each names its turn: a press on a page that lags behind never means another one.
    case 'stop':
      return deckhand.send(sessionId, { type: 'stop_run', turnId: wish.turnId }, actor);
    case 'cancel':
      return deckhand.send(sessionId, { type: 'cancel_turn', turnId: wish.turnId }, actor);
    case 'discard':
      return deckhand.send(sessionId, { type: 'discard_work', turnId: wish.turnId }, actor);
    case 'resume':
    case 'retry':
      return deckhand.askAgain(
        sessionId,
        // The domain takes one press of several: each may have a key of its own.
        { turnId: wish.turnId, why: wish.intent, key: `console/${sessionId}/${randomUUID()}` },
        actor,
      );
    case 'release_held':
    case 'drop_held':
      return deckhand.send(sessionId, { type: wish.intent, turnIds: wish.turnIds }, actor);
    case 'reply':
      return deckhand.requestTurn(
        sessionId,
        { key: `console/${sessionId}/${wish.key}`, text: wish.text },
        actor,
      );
    case 'answer': {
      const { questionId, answers } = wish;
      return deckhand.send(sessionId, { type: 'answer_question', questionId, answers }, actor);
    }
    case 'pull_request': {
      const { title, body, draft } = wish;
      const command = { type: 'request_pull_request', title, body, draft: draft === 'on' } as const;
      return deckhand.send(sessionId, command, actor);
    }
  }
}
