import { IconCircle, IconCircleCheckFilled, IconCircleDashed, IconCircleMinus } from '@tabler/icons-react';
import type { Todo } from 'orchestrator/domain';
import styles from './plan-list.module.css';

const ICONS = {
  pending: IconCircle,
  in_progress: IconCircleDashed,
  completed: IconCircleCheckFilled,
  cancelled: IconCircleMinus,
} as const;

const WORDS = {
  pending: 'to do',
  in_progress: 'in progress',
  completed: 'done',
  cancelled: 'dropped',
} as const;

/** The agent's own list. */
export function PlanList({ todos }: { readonly todos: readonly Todo[] }) {
  return (
    <ol className={styles['plan']}>
      {todos.map((todo, index) => {
        const Icon = ICONS[todo.status];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan is replaced as a whole, and its texts may repeat
          <li key={index} data-status={todo.status}>
            <Icon size={16} aria-label={WORDS[todo.status]} />
            <span>{todo.text}</span>
          </li>
        );
      })}
    </ol>
  );
}
