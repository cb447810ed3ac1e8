import type { ContextBlock, KnownBlock, PlanBlock, TaskCardBlock } from '@slack/types';
import { FAILURES, type Todo } from 'orchestrator/domain';
import type { Step, ThreadState, TurnView } from '../thread-view/thread-state.ts';
import { ACTION, turnValue } from './action-ids.ts';
import {
  actions,
  button,
  contextLine,
  linkButton,
  type MessageContent,
  message,
  plain,
  section,
} from './blocks.ts';
import { cost, count, duration, ordinal } from './duration.ts';
import { LIMITS } from './limits.ts';
import { code, firstSentence, link, mrkdwn, quoted } from './text.ts';
import { nameOf, type ViewContext } from './view-context.ts';

const REQUEST_MAX = 280;
/** Rows of the plan; what does not fit is summed up in a row before and one behind. */
const TASKS_MAX = 8;

const STEPS: Readonly<Record<Step, string>> = {
  sandbox: 'starting a sandbox',
  clone: 'fetching the repository',
  agent: 'starting the agent',
  work: 'thinking',
  checks: 'running the checks',
  save: 'saving the work',
};

const VERBS: Readonly<Record<string, string>> = {
  bash: 'running',
  read: 'reading',
  edit: 'editing',
  write: 'writing',
  patch: 'editing',
  grep: 'searching',
  glob: 'searching',
  list: 'looking at',
  webfetch: 'fetching',
  wait: 'waiting for the model:',
};

/** The one live message of a turn. It collapses to a line when the turn is over. */
export function card(state: ThreadState, turn: TurnView, context: ViewContext): MessageContent {
  switch (turn.status) {
    case 'queued': {
      const position = queuePosition(state, turn);
      return position === null ? activeCard(state, turn, context) : queuedCard(state, turn, position);
    }
    case 'held':
      return heldCard(state, turn);
    case 'running':
    case 'waiting':
      return activeCard(state, turn, context);
    case 'finished':
      return settledCard(turn, 'Done', context);
    case 'failed':
      return settledCard(turn, 'Failed', context);
    case 'stopped':
      return settledCard(turn, 'Stopped', context);
    case 'cancelled':
      return settledCard(turn, 'Cancelled', context);
  }
}

/** 1 for the next one in line; null when nothing is before it, so it is about to start. */
function queuePosition(state: ThreadState, turn: TurnView): number | null {
  const own = state.turns.indexOf(turn);
  const before = state.turns.filter(
    // What was held and goes on was asked for before what runs now.
    (other, index) => isAtWork(other) || (other.status === 'queued' && index < own),
  );
  return before.length === 0 ? null : before.length;
}

function isAtWork(turn: TurnView): boolean {
  return turn.status === 'running' || turn.status === 'waiting';
}

function heldCard(state: ThreadState, turn: TurnView): MessageContent {
  const request = mrkdwn(firstSentence(turn.request, REQUEST_MAX), REQUEST_MAX);
  return message(`Held: ${request}`, [
    section(`>${request}`),
    contextLine(['Held, because the work before it was stopped', `asked by ${nameOf(turn.requestedBy)}`]),
    ...actions([
      button({ label: 'Cancel', actionId: ACTION.cancel, value: turnValue(state.sessionId, turn.turnId) }),
    ]),
  ]);
}

function queuedCard(state: ThreadState, turn: TurnView, position: number): MessageContent {
  const request = mrkdwn(firstSentence(turn.request, REQUEST_MAX), REQUEST_MAX);
  return message(`Waiting, ${ordinal(position)} in line: ${request}`, [
    section(`>${request}`),
    contextLine([`Waiting, ${ordinal(position)} in line`, `asked by ${nameOf(turn.requestedBy)}`]),
    ...actions([
      button({ label: 'Cancel', actionId: ACTION.cancel, value: turnValue(state.sessionId, turn.turnId) }),
    ]),
  ]);
}

function activeCard(state: ThreadState, turn: TurnView, context: ViewContext): MessageContent {
  const request = mrkdwn(firstSentence(turn.request, REQUEST_MAX), REQUEST_MAX);
  return message(`Working on: ${request}`, [
    section(`>${request}`),
    contextLine([code(state.repository), code(state.branch), `asked by ${nameOf(turn.requestedBy)}`]),
    ...plan(turn.todos),
    retryLine(turn, context.now),
    statusLine(state, turn, context),
    followUpLine(state),
    ...actions([
      turn.stopRequestedBy === null
        ? button({
            label: 'Stop',
            actionId: ACTION.stop,
            value: turnValue(state.sessionId, turn.turnId),
            style: 'danger',
          })
        : null,
      linkButton({ label: 'Console', actionId: ACTION.openConsole, url: context.sessionUrl }),
    ]),
  ]);
}

function followUpLine(state: ThreadState): ContextBlock | null {
  const waiting = state.turns.filter(
    (turn) => turn.status === 'queued' && queuePosition(state, turn) !== null,
  );
  if (waiting.length === 0) return null;
  return contextLine([`${count(waiting.length, 'follow-up')} ${waiting.length === 1 ? 'waits' : 'wait'}`]);
}

function statusLine(state: ThreadState, turn: TurnView, context: ViewContext): ContextBlock {
  const happening = whatHappens(state, turn);
  const started = turn.steps > 0 ? [`Step ${turn.steps}`, happening] : [capitalised(happening)];
  return contextLine([
    ...started,
    turn.startedAt === null ? null : duration(context.now - turn.startedAt),
    cost(turn.costUsd),
    context.modelLabel === null ? null : mrkdwn(context.modelLabel, 100),
  ]);
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function whatHappens(state: ThreadState, turn: TurnView): string {
  if (turn.stopRequestedBy) return `stopping, asked by ${nameOf(turn.stopRequestedBy)}`;
  if (turn.status === 'waiting') return 'waiting to try again';
  const asks = state.questions.some((question) => question.state === 'open' && question.runId === turn.runId);
  if (asks) return 'waiting for an answer below';
  if (turn.doing) {
    const verb = VERBS[turn.doing.tool] ?? mrkdwn(turn.doing.tool, 40);
    return `${verb} ${code(turn.doing.title, 120)}`.trim();
  }
  return turn.step === null ? 'starting' : STEPS[turn.step];
}

function retryLine(turn: TurnView, now: number): KnownBlock | null {
  if (!turn.failure) return null;
  const { code: failureCode, retryAt } = turn.failure;
  const sentence = FAILURES[failureCode].sentence;
  if (turn.status !== 'waiting') return contextLine([`Try ${turn.attempt}. The one before: ${sentence}`]);
  const wait = retryAt === null || retryAt <= now ? 'now' : `in ${duration(retryAt - now)}`;
  return contextLine([`${sentence} Trying again ${wait}.`]);
}

function plan(todos: readonly Todo[]): PlanBlock[] {
  const live = todos.filter((todo) => todo.status !== 'cancelled');
  if (live.length === 0) return [];
  const done = live.filter((todo) => todo.status === 'completed').length;
  // A plan that is shown whole needs no count.
  const title = live.length <= TASKS_MAX ? 'Plan' : `Plan · ${done} of ${live.length} done`;
  return [{ type: 'plan', title, tasks: tasks(live) }];
}

function tasks(todos: readonly Todo[]): TaskCardBlock[] {
  const rows = todos.map((todo, index) => task(`task_${index}`, todo.text, statusOf(todo)));
  if (rows.length <= TASKS_MAX) return rows;
  const shown = TASKS_MAX - 2;
  const current = todos.findIndex((todo) => todo.status !== 'completed');
  // One finished task stays above the current one, so that the reader sees where it comes from.
  const wanted = current === -1 ? rows.length : current - 1;
  const start = Math.max(0, Math.min(wanted, rows.length - shown));
  const after = rows.length - start - shown;
  return [
    ...(start > 0 ? [task('task_before', `${count(start, 'task')} before`, 'complete')] : []),
    ...rows.slice(start, start + shown),
    ...(after > 0 ? [task('task_after', `${count(after, 'more task')} after`, 'pending')] : []),
  ];
}

function task(taskId: string, title: string, status: TaskCardBlock['status']): TaskCardBlock {
  return { type: 'task_card', task_id: taskId, title: plain(title.trim(), LIMITS.taskTitle), status };
}

function statusOf(todo: Todo): TaskCardBlock['status'] {
  switch (todo.status) {
    case 'pending':
      return 'pending';
    case 'in_progress':
      return 'in_progress';
    case 'completed':
    case 'cancelled':
      return 'complete';
  }
}

function settledCard(turn: TurnView, outcome: string, context: ViewContext): MessageContent {
  return message(`${outcome}: ${mrkdwn(firstSentence(turn.request, 160), 160)}`, [
    contextLine([
      `*${outcome}* ${quoted(turn.request, 160)}`,
      turn.startedAt !== null && turn.settledAt !== null ? duration(turn.settledAt - turn.startedAt) : null,
      turn.steps > 0 ? count(turn.steps, 'step') : null,
      cost(turn.costUsd),
      link(context.sessionUrl, 'Console'),
    ]),
  ]);
}
