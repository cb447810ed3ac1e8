import { describe, expect, it } from 'vitest';
import type { EngineCommand, QuestionId } from '../domain/index.ts';
import { createQuestions } from './ask.ts';

/** Questions of an agent whose session takes all that is said to it. */
function stage() {
  const asked: QuestionId[] = [];
  const ended: string[] = [];
  const questions = createQuestions(
    {
      engine: {
        execute: async (_sessionId, _actor, command: { readonly type: string }) => {
          const { type, question } = command as Extract<EngineCommand, { type: 'ask_question' }>;
          if (type === 'ask_question') asked.push(question.questionId);
          return { seq: 1 };
        },
      },
      clock: { now: () => 0 },
      newQuestionId: () => `que_${asked.length + 1}`,
      timeoutMs: 60_000,
      onError: (error) => expect.unreachable(String(error)),
    },
    {
      sessionId: 'ses_1',
      runId: 'run_1',
      conversation: {
        answer: async (id, answers) => void ended.push(`${id} answered ${answers.join()}`),
        dismiss: async (id) => void ended.push(`${id} dismissed`),
      },
    },
  );
  const ask = (id: string) =>
    questions.asked({
      type: 'question',
      id,
      questions: [{ header: '', text: 'Round?', options: [], multiple: false }],
    });
  return { questions, asked, ended, ask };
}

describe('the questions of an agent', () => {
  it('are open one at a time: one that another takes the place of is given up, so that the agent goes on', async () => {
    const { questions, asked, ended, ask } = stage();
    await ask('q1');
    await ask('q2');
    expect(ended).toEqual(['q1 dismissed']);
    questions.answered({ type: 'question.answered', questionId: asked[1] ?? 'que_none', answers: [['Yes']] });
    expect(ended).toEqual(['q1 dismissed', 'q2 answered Yes']);
    questions.close();
  });
});
