import { type QuestionId, type TurnId, turnIdSchema } from 'orchestrator/domain';

/** The slot of the message that asks this. */
export function slotOfQuestion(questionId: QuestionId): string {
  return `question/${questionId}`;
}

/** The turn that a slot of the form `turn/<id>/…` is about; null for other slots. */
export function turnOfSlot(slot: string): TurnId | null {
  const [kind, id] = slot.split('/');
  const parsed = turnIdSchema.safeParse(id);
  return kind === 'turn' && parsed.success ? parsed.data : null;
}
