import { z } from 'zod';
import { callsOf, type Reply, type Story, type ToolCall } from './scene.ts';

const todosSchema = z.array(z.looseObject({ content: z.string(), status: z.string() }));

/** The plan as a to-do list whose first `done` tasks are ticked off and whose next one is in progress. */
export function plan(tasks: readonly string[], done: number): ToolCall {
  const status = (index: number) => {
    if (index < done) return 'completed';
    return index === done ? 'in_progress' : 'pending';
  };
  const todos = tasks.map((content, index) => ({ content, status: status(index), priority: 'medium' }));
  return { tool: 'todowrite', args: { todos } };
}

/**
 * Puts the closing of the plan before the last word of a scene: people follow the to-do list, and nothing in it may
 * look unfinished when the work is over. What a scene that gave up did not reach is cancelled.
 */
export function closePlanFirst(story: Story, reply: Reply): Reply {
  if (reply.calls.length > 0) return reply;
  const last = callsOf(story).findLast((call) => call.tool === 'todowrite');
  const todos = todosSchema.safeParse(last?.args['todos']).data ?? [];
  if (todos.every(({ status }) => status === 'completed' || status === 'cancelled')) return reply;
  const closed = todos.map((todo) => ({
    ...todo,
    status: reply.gaveUp && todo.status !== 'completed' ? 'cancelled' : 'completed',
  }));
  return { say: '', calls: [{ tool: 'todowrite', args: { todos: closed } }] };
}
