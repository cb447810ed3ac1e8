import type { AgentEvent, AgentSession } from 'sandboxes';
import {
  AGENT,
  type FactOf,
  isRefused,
  type QuestionId,
  type RunId,
  type SessionId,
  SYSTEM,
} from '../domain/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Engine } from './engine.ts';
import { cut } from './text.ts';

type Asked = Extract<AgentEvent, { type: 'question' }>;

export interface Questions {
  asked(question: Asked): Promise<void>;
  answered(answer: FactOf<'question.answered'>): void;
  /** Forgets what is open: the run is over. */
  close(): void;
}

const UNANSWERED = 'Nobody answered in time. Choose the safest option, say which one you chose, and go on.';
const REPLACED =
  'Another question was asked before this one was answered. Choose the safest option, say which one you chose, and go on.';

/** Takes the agent's questions to people and their answers back; a question that nobody answers in time is given up. */
export function createQuestions(
  deps: {
    readonly engine: Pick<Engine, 'execute'>;
    readonly clock: Clock;
    readonly newQuestionId: () => QuestionId;
    readonly timeoutMs: number;
    readonly onError: (error: unknown) => void;
  },
  run: {
    readonly sessionId: SessionId;
    readonly runId: RunId;
    readonly conversation: Pick<AgentSession, 'answer' | 'dismiss'>;
  },
): Questions {
  const open = new Map<QuestionId, { readonly agentId: string; readonly timer: NodeJS.Timeout }>();

  async function asked(question: Asked): Promise<void> {
    const questionId = deps.newQuestionId();
    const expiresAt = new Date(deps.clock.now() + deps.timeoutMs).toISOString();
    const questions = question.questions.slice(0, 10).map((one) => ({
      text: cut(one.text, 3000),
      options: one.options
        .slice(0, 20)
        .map((option) => ({ label: cut(option.label, 200), description: cut(option.description, 500) })),
      multiple: one.multiple,
    }));
    const timer = setTimeout(() => expire(questionId).catch(deps.onError), deps.timeoutMs);
    timer.unref();
    const replaced = [...open.keys()];
    open.set(questionId, { agentId: question.id, timer });
    await deps.engine.execute(run.sessionId, AGENT, {
      type: 'ask_question',
      question: { questionId, runId: run.runId, questions, expiresAt },
    });
    // A session has one open question: to the others nobody can answer any more.
    for (const earlier of replaced) await dismiss(earlier, REPLACED).catch(deps.onError);
  }

  async function dismiss(questionId: QuestionId, reason: string): Promise<void> {
    const agentId = take(questionId);
    if (agentId) await run.conversation.dismiss(agentId, reason);
  }

  function take(questionId: QuestionId): string | null {
    const asked = open.get(questionId);
    if (!asked) return null;
    clearTimeout(asked.timer);
    open.delete(questionId);
    return asked.agentId;
  }

  async function expire(questionId: QuestionId): Promise<void> {
    // The log decides between the last moment's answer and the end of the wait.
    const expired = await deps.engine.execute(run.sessionId, SYSTEM, { type: 'expire_question', questionId });
    if (!isRefused(expired)) await dismiss(questionId, UNANSWERED);
  }

  return {
    asked,
    answered: (answer) => {
      const agentId = take(answer.questionId);
      if (agentId) run.conversation.answer(agentId, answer.answers).catch(deps.onError);
    },
    close: () => {
      for (const { timer } of open.values()) clearTimeout(timer);
      open.clear();
    },
  };
}
