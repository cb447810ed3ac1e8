import type { Entry, Fact } from 'orchestrator/domain';
import { type Building, type Draft, place } from './building.ts';
import type { ApprovalItem, QuestionItem } from './items.ts';

export function addQuestion(
  building: Building,
  entry: Entry,
  event: Extract<Fact, { type: `question.${string}` }>,
): void {
  if (event.type === 'question.asked') {
    const { questionId, questions, expiresAt } = event;
    const item: Draft<QuestionItem> = {
      ...place(entry),
      kind: 'question',
      questionId,
      questions,
      expiresAt,
      answer: { state: 'open' },
    };
    building.questions.set(questionId, item);
    building.items.push(item);
    return;
  }
  const question = building.questions.get(event.questionId);
  if (!question) return;
  question.answer =
    event.type === 'question.answered'
      ? { state: 'answered', answers: event.answers, by: entry.actor }
      : { state: 'over' };
}

export function addApproval(
  building: Building,
  entry: Entry,
  event: Extract<Fact, { type: `approval.${string}` }>,
): void {
  if (event.type === 'approval.requested') {
    const { approvalId, action, subject } = event;
    const item: Draft<ApprovalItem> = {
      ...place(entry),
      kind: 'approval',
      approvalId,
      action,
      subject,
      decision: { state: 'open', by: null },
    };
    building.approvals.set(approvalId, item);
    building.items.push(item);
    return;
  }
  const approval = building.approvals.get(event.approvalId);
  const state = {
    'approval.granted': 'granted',
    'approval.denied': 'denied',
    'approval.expired': 'expired',
  } as const;
  if (approval) approval.decision = { state: state[event.type], by: entry.actor };
}
