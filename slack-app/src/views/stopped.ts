import type { KnownBlock, MarkdownBlock } from '@slack/types';
import { FAILURES, type Todo } from 'orchestrator/domain';
import type { TurnView } from '../thread-view/thread-state.ts';
import { contextLine, section } from './blocks.ts';
import { count } from './duration.ts';
import { markdown, mrkdwn, oneLine } from './text.ts';
import { nameOf } from './view-context.ts';

const TASKS_MAX = 8;
const TASK_MAX = 160;
const WORDS_MAX = 800;

/** What a stopped turn had done so far: the plan as it stood, and the agent's last words. */
export function doneSoFar(turn: TurnView): KnownBlock[] {
  if (turn.status !== 'stopped') return [];
  return [...planBlocks(turn.todos), ...lastWords(turn.summary)];
}

function planBlocks(todos: readonly Todo[]): KnownBlock[] {
  const live = todos.filter((todo) => todo.status !== 'cancelled');
  if (live.length === 0) return [];
  const done = live.filter((todo) => todo.status === 'completed').length;
  const rows = live
    .slice(0, TASKS_MAX)
    .map((todo) => `${markOf(todo)} ${mrkdwn(oneLine(todo.text), TASK_MAX)}`);
  const more = live.length - rows.length;
  const lines = more > 0 ? [...rows, `and ${count(more, 'more task')}`] : rows;
  return [section([`*${done} of ${count(live.length, 'task')} done*`, ...lines].join('\n'))];
}

function markOf(todo: Todo): string {
  switch (todo.status) {
    case 'completed':
      return '✓';
    case 'in_progress':
      return '▸';
    case 'pending':
    case 'cancelled':
      return '·';
  }
}

function lastWords(summary: string): MarkdownBlock[] {
  const words = markdown(summary, WORDS_MAX);
  if (words === '') return [];
  return [{ type: 'markdown', text: `The agent's last words:\n\n${words}` }];
}

/** Where taking back the work stands; nothing when nobody asked for it. */
export function discardBlocks(turn: TurnView): KnownBlock[] {
  if (!turn.discard) return [];
  const by = nameOf(turn.discard.by);
  switch (turn.discard.state) {
    case 'asked':
      return [contextLine([`Discarding this work, asked by ${by}.`])];
    case 'done':
      return [contextLine([`This work was discarded by ${by}. The files are as they were before it.`])];
    case 'failed': {
      const why = turn.discard.code ? ` ${FAILURES[turn.discard.code].sentence}` : '';
      return [contextLine([`This work could not be discarded.${why}`])];
    }
  }
}
