import type { Entry, Todo } from 'orchestrator/domain';

/** A plan is about one turn, and over when its work was taken back; null where there is none. */
export function planAfter(plan: readonly Todo[] | null, event: Entry['event']): readonly Todo[] | null {
  if (event.type === 'agent.planned') return event.todos;
  const isOver = (event.type === 'run.started' && event.attempt === 1) || event.type === 'work.discarded';
  return isOver ? null : plan;
}
